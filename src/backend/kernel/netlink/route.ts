/** Routes of the main table (rtnetlink(7), linux/rtnetlink.h). */
import { AF_OF, bytesOf, splitPrefix, textOfAddress } from './ip-bytes.ts';
import { eachAttribute, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from './message.ts';
import { PROTOCOL } from './protocol.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;

const RTMSG = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
/** struct rtnexthop: length, flags, hops, index of the device; attributes follow. */
const RTNH = 8;
const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;
const RTN_UNREACHABLE = 7;
/** RTPROT_BGP and RTPROT_OSPF, under which FRR makes routes. */
const LEARNED: ReadonlySet<number> = new Set([186, 188]);
const RTM_F_CLONED = 0x200;

type RouteType = 'unicast' | 'unreachable';

export interface HeldRoute {
  readonly to: string;
  readonly type: RouteType;
  /** Undefined for a route without a gateway. */
  readonly via: string | undefined;
  /** Index of the device; 0 for a route without one. */
  readonly device: number;
  readonly ours: boolean;
}

export interface RouteSpec {
  readonly to: string;
  readonly type: RouteType;
  readonly via?: string | undefined;
  readonly device?: number | undefined;
}

/** Adds the route; with `replace`, in the place of one to the same destination. */
export const putRoute = (socket: NetlinkSocket, route: RouteSpec, replace: boolean): number =>
  message(socket, RTM_NEWROUTE, NLM_F_CREATE | (replace ? NLM_F_REPLACE : NLM_F_EXCL), route);

export const deleteRoute = (socket: NetlinkSocket, route: RouteSpec): number => message(socket, RTM_DELROUTE, 0, route);

function message(socket: NetlinkSocket, type: number, flags: number, route: RouteSpec): number {
  const { address, length } = splitPrefix(route.to);
  return socket.add(type, flags, RTMSG, `route ${route.to}`, (writer, body, at) => {
    body.writeUInt8(AF_OF(address), at);
    body.writeUInt8(length, at + 1);
    body.writeUInt8(RT_TABLE_MAIN, at + 4);
    body.writeUInt8(PROTOCOL, at + 5);
    body.writeUInt8(route.type === 'unicast' ? RTN_UNICAST : RTN_UNREACHABLE, at + 7);
    if (length > 0) writer.raw(RTA_DST, bytesOf(address));
    if (route.via !== undefined) writer.raw(RTA_GATEWAY, bytesOf(route.via));
    if (route.device !== undefined) writer.u32(RTA_OIF, route.device);
    // IPv6 gives 1024 by itself, and does not find a route to replace under another metric.
    if (AF_OF(address) === 10) writer.u32(RTA_PRIORITY, 1024);
  });
}

/** All routes of the main table that lead somewhere or say that nothing does, or those of them that are ours. */
export const routes = (socket: NetlinkSocket, which: 'all' | 'ours' = 'all'): readonly HeldRoute[] =>
  routeTable(socket, { table: RT_TABLE_MAIN, ...(which === 'ours' ? { protocol: PROTOCOL } : {}) }).flatMap(
    ({ to, type, via, device, protocol }) =>
      type === RTN_UNICAST || type === RTN_UNREACHABLE
        ? [
            {
              to,
              type: type === RTN_UNREACHABLE ? 'unreachable' : 'unicast',
              via,
              device: type === RTN_UNREACHABLE ? 0 : device,
              ours: protocol === PROTOCOL,
            },
          ]
        : [],
  );

/** A route as the kernel tells of it. */
export interface TableRoute {
  readonly table: number;
  readonly to: string;
  /** RTN_*. */
  readonly type: number;
  readonly via: string | undefined;
  /** Index; 0 for none. */
  readonly device: number;
  /** Where there are several next hops: all of them, of which `via` and `device` are the first. */
  readonly hops?: readonly RouteHop[];
  /** The address that is sent from unless a program chooses another. */
  readonly source: string | undefined;
  readonly metric: number;
  /** Who made it: RTPROT_*, or `PROTOCOL` for us. */
  readonly protocol: number;
}

export interface RouteHop {
  readonly via: string | undefined;
  readonly device: number;
}

/** Those of the main table that routing daemons have made. */
export const learnedRoutes = (socket: NetlinkSocket): readonly { readonly to: string; readonly hops: readonly RouteHop[] }[] =>
  routeTable(socket, { table: RT_TABLE_MAIN }).flatMap(({ to, via, device, hops, protocol }) =>
    LEARNED.has(protocol) ? [{ to, hops: hops ?? [{ via, device }] }] : [],
  );

function hopsIn(body: Buffer, start: number, end: number): readonly RouteHop[] {
  const hops: RouteHop[] = [];
  for (let at = start, length = 0; at + RTNH <= end; at += (length + 3) & ~3) {
    length = body.readUInt16LE(at);
    if (length < RTNH) break;
    let via: string | undefined;
    eachAttribute(body, at + RTNH, at + length, (attribute, from, to) => {
      if (attribute === RTA_GATEWAY) via = textOfAddress(body, from, to);
    });
    hops.push({ via, device: body.readUInt32LE(at + 4) });
  }
  return hops;
}

/**
 * All routes, those excepted that are copies for one destination; of one table or by one maker alone where that is said:
 * reading is what costs where there are many.
 */
export function routeTable(socket: NetlinkSocket, only: Partial<Pick<TableRoute, 'table' | 'protocol'>> = {}): readonly TableRoute[] {
  const found: TableRoute[] = [];
  socket.askStrictly();
  socket.dump(
    RTM_GETROUTE,
    RTMSG,
    (_writer, body, at) => {
      body.writeUInt8(only.table ?? 0, at + 4);
      body.writeUInt8(only.protocol ?? 0, at + 5);
    },
    ({ type, body }) => {
      if (type !== RTM_NEWROUTE || (body.readUInt32LE(8) & RTM_F_CLONED) !== 0) return;
      const [inTable, protocol] = [body.readUInt8(4), body.readUInt8(5)];
      if (inTable !== (only.table ?? inTable) || protocol !== (only.protocol ?? protocol)) return;
      let destination = body.readUInt8(0) === 10 ? '::' : '0.0.0.0';
      let [via, source] = [undefined, undefined] as [string | undefined, string | undefined];
      let [device, metric, table] = [0, 0, inTable];
      let hops: readonly RouteHop[] = [];
      eachAttribute(body, RTMSG, body.length, (attribute, start, end) => {
        if (attribute === RTA_DST) destination = textOfAddress(body, start, end);
        else if (attribute === RTA_GATEWAY) via = textOfAddress(body, start, end);
        else if (attribute === RTA_OIF) device = body.readUInt32LE(start);
        else if (attribute === RTA_MULTIPATH) hops = hopsIn(body, start, end);
        else if (attribute === RTA_PRIORITY) metric = body.readUInt32LE(start);
        else if (attribute === RTA_PREFSRC) source = textOfAddress(body, start, end);
        else if (attribute === RTA_TABLE) table = body.readUInt32LE(start);
      });
      const to = `${destination}/${body.readUInt8(1)}`;
      const [hop] = hops;
      found.push({
        table,
        to,
        type: body.readUInt8(7),
        via: via ?? hop?.via,
        device: device === 0 ? (hop?.device ?? 0) : device,
        ...(hops.length > 1 && { hops }),
        source,
        metric,
        protocol,
      });
    },
  );
  return found;
}
