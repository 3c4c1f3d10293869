/** Addresses that a packet may not have which comes in from outside: dropped without a word. */
import type { Address } from '../../address/ip.ts';
import type { Packet } from '../packet.ts';
import type { Station } from './model.ts';
import { isLocal, routeTo } from './routing.ts';
import type { Ending } from './step.ts';

const first8 = ({ value }: Address): bigint => value >> 24n;
const LOOPBACK = 127n;
const LOOPBACK6 = 1n;
const LIMITED_BROADCAST = 0xffffffffn;

/** Addresses that are nobody's on any wire (ip_route_input_slow, ip6_rcv_core). */
export function stray(
  { devices }: Station,
  device: string,
  { family, source, destination }: Packet,
): 'martian-source' | 'martian-destination' | undefined {
  if (family === 6) {
    if (source.value === LOOPBACK6 || source.value >> 120n === 0xffn) return 'martian-source';
    return destination.value === LOOPBACK6 ? 'martian-destination' : undefined;
  }
  const localnet = devices.get(device)?.localnet === true;
  if (source.value >> 28n === 0xen || source.value === LIMITED_BROADCAST || first8(source) === 0n) return 'martian-source';
  if (first8(destination) === 0n || (first8(destination) === LOOPBACK && !localnet)) return 'martian-destination';
  return first8(source) === LOOPBACK && !localnet ? 'martian-source' : undefined;
}

/** A source that cannot be where it comes from (fib_validate_source); IPv6 does not look. */
export function misplaced(station: Station, device: string, { family, source }: Packet): Ending | undefined {
  const at = station.namespace;
  if (family === 6) return undefined;
  if (isLocal(station, source)) return { kind: 'martian-source', at };
  const mode = station.reversePath(device);
  if (mode === 0) return undefined;
  const back = routeTo(station, source);
  const isFeasible = back.kind === 'sent' && (mode === 2 || back.device === device);
  return isFeasible ? undefined : { kind: 'reverse-path', at, device };
}
