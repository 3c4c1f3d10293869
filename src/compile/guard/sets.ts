/** What guarded ports may send, as sets: one lookup decides, however many ports there are. */
import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import { bitsOf } from '../../address/prefix.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { DataType, RawPayload } from '../../resource/ruleset/field.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import type { GuardedPort } from './ports.ts';
import type { Block } from './routed.ts';

/** The ports. */
export const GUARDED = 'guarded';
/** Port and MAC address. */
export const MACS = 'macs';
/** Port, MAC address and address of its own. */
export const ADDRESSES = { 4: 'addresses4', 6: 'addresses6' } as const;
/** Port, MAC address and addresses that routes send to it. */
export const ROUTED = { 4: 'routed4', 6: 'routed6' } as const;
/** `addresses6`, to be compared with the target of a neighbour solicitation or advertisement. */
export const TARGETS = 'targets';
/** `macs`, to be compared with a link-layer address in an option. */
export const LINK_ADDRESSES = 'link-addresses';

/** Target Address (RFC 4861 4.3, 4.4). */
export const TARGET: RawPayload = '@th,64,128';
/** Link-Layer Address of the first option behind a target (RFC 4861 4.6.1). */
export const LINK_ADDRESS: RawPayload = '@th,208,48';

export const guardSets = (ports: readonly GuardedPort[]): readonly NamedSet[] => [
  setOf(ports, GUARDED, ['ifname'], ({ device }) => [[device]]),
  setOf(ports, MACS, ['ifname', 'ether_addr'], ({ device, mac }) => [[device, mac]]),
  setOf(ports, LINK_ADDRESSES, ['ifname', LINK_ADDRESS], ({ device, mac }) => [[device, numberOf(mac)]]),
  ...([4, 6] as const).map((family) =>
    setOf(ports, ADDRESSES[family], ['ifname', 'ether_addr', typeOf(family)], ({ device, mac, addresses }) =>
      ofFamily(addresses, family).map((address) => [device, mac, formatAddress(address)]),
    ),
  ),
  setOf(ports, TARGETS, ['ifname', 'ether_addr', TARGET], ({ device, mac, addresses }) =>
    ofFamily(addresses, 6).map(({ value }) => [device, mac, hex(value)]),
  ),
  ...routedFamilies(ports).map((family) => ({
    ...setOf(ports, ROUTED[family], ['ifname', 'ether_addr', typeOf(family)], ({ device, mac, routed }) =>
      ofFamily(routed, family).map((block) => [device, mac, blockValue(block)]),
    ),
    interval: true,
  })),
];

/** The families in which routes send anything to anybody who is guarded. */
export const routedFamilies = (ports: readonly GuardedPort[]): readonly (4 | 6)[] =>
  ([4, 6] as const).filter((family) => ports.some(({ routed }) => ofFamily(routed, family).length > 0));

function setOf(
  ports: readonly GuardedPort[],
  name: string,
  types: readonly DataType[],
  keysOf: (port: GuardedPort) => readonly Key[],
): NamedSet {
  const elements = ports.flatMap((port) => keysOf(port).map((key) => ({ key, comment: commentOf(port.origin) })));
  return { kind: 'set', name, types, interval: false, counter: false, elements };
}

const typeOf = (family: 4 | 6): DataType => (family === 4 ? 'ipv4_addr' : 'ipv6_addr');

const ofFamily = <T extends { readonly family: 4 | 6 }>(all: readonly T[], family: 4 | 6): readonly T[] =>
  all.filter((one) => one.family === family);

/** As nft says bits that are too many for a number. */
const hex = (value: bigint): string => `0x${value.toString(16)}`;

const numberOf = (mac: string): number => Number.parseInt(mac.replaceAll(':', ''), 16);

function blockValue({ family, first, last }: Block): Value {
  const text = (value: bigint): string => formatAddress({ family, value } satisfies Address);
  if (first === last) return text(first);
  const size = last - first + 1n;
  const bits = size.toString(2).length - 1;
  const aligned = size === 1n << BigInt(bits) && first % size === 0n;
  return aligned ? { prefix: text(first), length: bitsOf(family) - bits } : { from: text(first), to: text(last) };
}
