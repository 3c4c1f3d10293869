/** What the file and the kernel know of the places that a packet is seen at. */
import { parseAddress } from '../../address/parse.ts';
import { parsePrefix, samePrefix } from '../../address/prefix.ts';
import type { Live } from '../../observe/trace/live.ts';
import type { Point } from '../../observe/trace/points.ts';
import type { Run } from '../../observe/trace/run.ts';
import type { Tracer } from '../../observe/trace/tracer.ts';
import { type Packet, quotedOf } from '../../proof/packet.ts';
import type { Model, ModelRoute } from '../../proof/path/model.ts';
import { HOST } from '../../resource/resource.ts';

/** What is known beside the events. */
export interface Sight {
  readonly model: Model;
  readonly live: Live;
  readonly tracer: Pick<Tracer, 'deviceAt'>;
}

export const hookOf = ({ live }: Sight, { namespace, family, table }: Run, chain: string): Point['hook'] | undefined =>
  live.rules(namespace, family, table).hooks.get(chain)?.hook;

export const deviceName = ({ tracer }: Sight, { namespace }: Run, index: number): string =>
  index === 0 ? '' : (tracer.deviceAt(namespace, index)?.name ?? `interface ${index}`);

export const tunnelOf = ({ model }: Sight, namespace: string, device: string) => model.stations.get(namespace)?.devices.get(device)?.tunnel;

/** By an interface of the host that the file does not know. */
export const isOutside = ({ model }: Sight, namespace: string, device: string): boolean =>
  namespace === HOST && !model.stations.get(HOST)?.devices.has(device);

/** Whether a table is the bottle's own. */
export function isOurs({ model }: Sight, { namespace, family, table: name }: Run): boolean {
  const { tables = [] } = model.stations.get(namespace) ?? {};
  return tables.some(({ table }) => table.family === family && table.name === name);
}

/** The route that the kernel has for a packet, as the file knows it where it does. */
export function routeOf({ model, live, tracer }: Sight, namespace: string, { destination }: Packet): ModelRoute | undefined {
  const taken = live.route(namespace, destination);
  const to = taken && parsePrefix(taken.to);
  if (taken === undefined || to?.ok !== true) return undefined;
  const device = tracer.deviceAt(namespace, taken.device)?.name;
  const via = taken.via === undefined ? undefined : parseAddress(taken.via);
  const found: ModelRoute = {
    to: to.value,
    ...(via?.ok === true && { via: via.value }),
    ...(device !== undefined && { device }),
  };
  return model.stations.get(namespace)?.routes.find((route) => isSameRoute(route, found)) ?? found;
}

const isSameRoute = (one: ModelRoute, other: ModelRoute): boolean =>
  samePrefix(one.to, other.to) && one.via?.value === other.via?.value && one.device === other.device;

/** The packet that a chain was asked about, as the model would have it there. */
export function packetAt(
  { model }: Sight,
  { packet: seen, namespace }: Run,
  inDevice: string,
  outDevice: string,
  connection: Pick<Packet, 'state' | 'dnat'>,
): Packet {
  const { family, value } = seen.destination;
  const addresses = model.stations.get(namespace)?.addresses ?? [];
  return {
    ...quotedOf(seen),
    ...(inDevice !== '' && { inDevice }),
    ...(outDevice !== '' && { outDevice }),
    ...(seen.tcpFlags !== undefined && { tcpFlags: seen.tcpFlags }),
    ...(seen.icmpCode !== undefined && { icmpCode: seen.icmpCode }),
    hopLimit: seen.hopLimit,
    ...connection,
    local: addresses.some(({ address }) => address.family === family && address.value === value),
  };
}
