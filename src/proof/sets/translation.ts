/** What NAT statements make of packets. */
import type { Field } from '../../resource/ruleset/field.ts';
import { intervalOf } from '../../resource/ruleset/interval.ts';
import type { Nat, NatTarget } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import type { Translated } from './chain.ts';
import type { Node } from './diagram.ts';
import { groupsOf, setsOf } from './lookups.ts';
import { EMPTY } from './node-table.ts';
import type { PacketSets } from './packet-sets.ts';
import { type Rewriting, WITH_PORTS } from './rewriting.ts';

/** An address that packets get that are masqueraded where they leave by the interface. */
export interface Mask {
  readonly device: string;
  readonly family: 'ip' | 'ip6';
  readonly address: string;
}

/**
 * Together they are what may come of the packets.
 *
 * @param masks of the interfaces of the host; where an interface has none, a packet is dropped instead
 */
export function rewritingsOf(
  sets: PacketSets,
  table: Pick<Table, 'name' | 'sets'>,
  { nat, packets }: Translated,
  masks: readonly Mask[],
): readonly Rewriting[] {
  const { diagram } = sets;
  if (nat.kind === 'masquerade')
    return masks.flatMap(({ device, family, address }) => {
      const leaving = diagram.and(packets, sets.among(['oifname', addressField.snat[family]], [[device, everyAddress[family]]]));
      return rewritings(sets, leaving, 'snat', family, { address });
    });
  const { kind, family, to } = nat;
  if (!('map' in to)) return rewritings(sets, packets, kind, family, to);
  const map = setsOf(table)(to.map);
  if (map.kind !== 'map') throw new Error(`${to.map} is no map to values`);
  const entries = map.elements.map(({ key, value }) => ({ key, to: targetOf(value) }));
  return groupsOf(sets, to.fields, entries).flatMap((group) =>
    rewritings(sets, diagram.and(packets, group.packets), kind, family, group.to),
  );
}

const addressField = {
  snat: { ip: 'ip saddr', ip6: 'ip6 saddr' },
  dnat: { ip: 'ip daddr', ip6: 'ip6 daddr' },
} as const satisfies Record<Nat['kind'], Record<Nat['family'], Field>>;

const everyAddress = { ip: { prefix: '0.0.0.0', length: 0 }, ip6: { prefix: '::', length: 0 } } as const;
const slotsOf = { snat: { address: 'source', port: 'sport' }, dnat: { address: 'destination', port: 'dport' } } as const;

/** A source port that is taken already is exchanged for another one of its class (find_best_ips_proto, nf_nat_l4proto_unique_tuple). */
const CLASSES = [
  { from: 0, to: 511 },
  { from: 512, to: 1023 },
  { from: 1024, to: 65535 },
] as const;

function targetOf([address, port]: readonly (string | number)[]): NatTarget {
  return { address: String(address), ...(port !== undefined && { port: Number(port) }) };
}

function rewritings(
  sets: PacketSets,
  packets: Node,
  kind: Nat['kind'],
  family: Nat['family'],
  { address, port }: NatTarget,
): readonly Rewriting[] {
  const { diagram } = sets;
  const slots = slotsOf[kind];
  const field = addressField[kind][family];
  // What is known of packets as they were need not be so of what they become.
  const toAddress = address === undefined ? sets.all : sets.whole.among([field], [[address]]);
  const addressSlots = address === undefined ? [] : [slots.address];
  const portful = diagram.and(packets, sets.among(['meta l4proto'], WITH_PORTS));
  const readable = diagram.and(portful, sets.having(['th sport']));
  const rest: Rewriting = { packets: diagram.diff(packets, readable), slots: addressSlots, to: toAddress };
  const withPort = (own: Node, from: number, to: number): Rewriting => ({
    packets: own,
    slots: [...addressSlots, slots.port],
    to: diagram.and(toAddress, sets.inSlot(slots.port, BigInt(from), BigInt(to))),
  });
  const parts = (): readonly Rewriting[] => {
    if (port !== undefined) {
      const { from, to } = portsOf(port);
      return [withPort(readable, from, to)];
    }
    if (kind === 'dnat') return [{ packets: readable, slots: addressSlots, to: toAddress }];
    return CLASSES.map(({ from, to }) => withPort(diagram.and(readable, sets.inSlot('sport', BigInt(from), BigInt(to))), from, to));
  };
  return [rest, ...parts()].filter((one) => one.packets !== EMPTY);
}

function portsOf(port: NonNullable<NatTarget['port']>): { readonly from: number; readonly to: number } {
  const interval = intervalOf(port, 'inet_service');
  if (interval === undefined) throw new Error(`${JSON.stringify(port)} is no port`);
  return { from: Number(interval.from), to: Number(interval.to) };
}
