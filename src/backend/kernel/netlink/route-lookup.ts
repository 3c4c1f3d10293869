/** Which route the kernel takes to an address: `ip route get fibmatch` (rtnetlink(7)). */

import { toBytes } from '../../../address/bytes.ts';
import type { Address } from '../../../address/ip.ts';
import { AF_INET, AF_INET6 } from '../libc.ts';
import { SystemError } from '../system-error.ts';
import { textOfAddress } from './ip-bytes.ts';
import { eachAttribute } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_GETROUTE = 26;
const RTMSG = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
/** The route itself is wanted, and not what comes of it for this address. */
const RTM_F_FIB_MATCH = 0x2000;

export interface TakenRoute {
  /** `10.1.0.0/24`. */
  readonly to: string;
  readonly via?: string;
  /** Index of the device; 0 where there is none. */
  readonly device: number;
}

/** Undefined where there is no way, or the route says that there is none. */
export function routeTaken(socket: NetlinkSocket, to: Address): TakenRoute | undefined {
  const body = answerTo(socket, to);
  if (body === undefined) return undefined;
  let destination = to.family === 4 ? '0.0.0.0' : '::';
  let via: string | undefined;
  let device = 0;
  eachAttribute(body, RTMSG, body.length, (attribute, start, end) => {
    if (attribute === RTA_DST) destination = textOfAddress(body, start, end);
    else if (attribute === RTA_GATEWAY) via = textOfAddress(body, start, end);
    else if (attribute === RTA_OIF) device = body.readUInt32LE(start);
  });
  return { to: `${destination}/${body.readUInt8(1)}`, device, ...(via !== undefined && { via }) };
}

function answerTo(socket: NetlinkSocket, to: Address): Buffer | undefined {
  const bytes = toBytes(to);
  try {
    return socket.ask(RTM_GETROUTE, RTMSG, (writer, body, at) => {
      body.writeUInt8(to.family === 4 ? AF_INET : AF_INET6, at);
      body.writeUInt8(bytes.length * 8, at + 1);
      body.writeUInt32LE(RTM_F_FIB_MATCH, at + 8);
      writer.raw(RTA_DST, bytes);
    }).body;
  } catch (error) {
    if (error instanceof SystemError && NO_WAY.has(error.code)) return undefined;
    throw error;
  }
}

/** Of no route, and of routes that are `unreachable`, `prohibit` and `blackhole`. */
const NO_WAY: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL']);
