/** Which bit strings are packets, and which of them are the same packet. */
import type { Table } from '../../resource/table.ts';
import type { Diagram, Node } from './diagram.ts';
import { type EtherType, etherTypes, type Layout, REACH_NONE, REACH_UNKNOWN, type Slot, segmentOf } from './layout.ts';
import { FULL } from './node-table.ts';
import type { Condition } from './places.ts';
import { reachOf } from './places.ts';
import { among, intersection } from './stretches.ts';

/** Extension headers that the kernel looks behind (net/ipv6/exthdrs_core.c): hop-by-hop, routing, fragment, destination. */
export const FOLLOWED = [0, 43, 44, 60];

export interface Universe {
  /** What a packet can be at all in tables of the family. */
  readonly packets: Node;
  /** Of bit strings that are the same packet, which differ in what it does not have, the one with zeros there. */
  readonly canonical: () => Node;
}

export function universeOf(diagram: Diagram, layout: Layout, family: Table['family']): Universe {
  const is = (name: string, ...numbers: readonly number[]): Node => {
    const sorted = numbers.toSorted((one, other) => one - other).map((number) => ({ from: BigInt(number), to: BigInt(number) }));
    return among(diagram, bitsOf(layout.slot(name)), sorted);
  };
  const carries = (...types: readonly EtherType[]): Node => is('protocol', ...types.map((type) => etherTypes.indexOf(type)));
  const implies = (one: Node, other: Node): Node => diagram.or(diagram.not(one), other);
  const families: readonly EtherType[] = family === 'inet' ? ['ip', 'ip6'] : family === 'bridge' ? etherTypes : [family];

  /** Those that have the bit at `index` of the slot. */
  const having = ({ name }: Slot, index: number): Node => {
    const network = carries('ip', 'ip6');
    const read = (end: number): Node => diagram.and(network, condition(diagram, layout, atLeast(reachOf(layout, end))));
    const segment = segmentOf(name);
    if (segment !== undefined) {
      if (segment.header === 'll') return FULL;
      if (segment.header === 'th') return read(segment.offset + index + 1);
      return segment.header === 'other' ? carries('8021q', '8021ad', 'other') : carries(segment.header);
    }
    switch (name) {
      case 'source':
      case 'destination':
        return index < 32 || layout.addresses !== undefined ? network : carries('ip6');
      case 'sport':
      case 'dport':
        return read(32);
      case 'l4proto':
        return diagram.and(network, condition(diagram, layout, atLeast(REACH_UNKNOWN + 1)));
      case 'reach':
      case 'fib daddr type':
        return network;
      case 'exthdr frag':
        return carries('ip6');
      case 'frag frag-off':
      case 'frag nexthdr':
        return diagram.and(carries('ip6'), is('exthdr frag', 1));
      case 'ct status':
      case 'ct direction':
      case 'ct mark':
        return diagram.diff(FULL, is('state', 0, 4));
      default:
        return FULL;
    }
  };

  const rules: Node[] = [carries(...families), implies(carries('ip'), condition(diagram, layout, atLeast(REACH_NONE)))];
  for (const { name, codes } of layout.slots)
    if (codes !== undefined) rules.push(condition(diagram, layout, { slot: name, among: [{ from: 0, to: codes.length - 1 }] }));
  const later = [laterFragments(diagram, layout, 'ip'), laterFragments(diagram, layout, 'ip6')];
  const unread = condition(diagram, layout, { slot: 'reach', among: [{ from: REACH_UNKNOWN, to: REACH_NONE }] });
  for (const set of later) if (set !== undefined) rules.push(implies(set, unread));
  if (layout.looksAt('ip6', 48, 8)) rules.push(implies(carries('ip6'), followed(diagram, layout)));

  const packets = intersection(diagram, rules);
  const canonical = (): Node => {
    const groups = new Map<Node, number[]>();
    for (const slot of layout.slots)
      for (const [index, bit] of bitsOf(slot).entries()) {
        const owners = having(slot, index);
        groups.set(owners, [...(groups.get(owners) ?? []), bit]);
      }
    const zeros = [...groups].map(([owners, bits]) => diagram.or(owners, among(diagram, bits, [{ from: 0n, to: 0n }])));
    return intersection(diagram, [packets, ...zeros]);
  };
  return { packets, canonical };
}

const atLeast = (number: number): Condition => ({ slot: 'reach', among: [{ from: number, to: 0xff }] });

/** Its variables, the most significant one first. */
export function bitsOf(slot: Slot): readonly number[] {
  const known = variables.get(slot) ?? Array.from({ length: slot.bits }, (_, bit) => slot.first + bit);
  variables.set(slot, known);
  return known;
}

const variables = new WeakMap<Slot, readonly number[]>();

export function condition(diagram: Diagram, layout: Layout, { slot, among: numbers }: Condition): Node {
  const sorted = numbers.toSorted((one, other) => one.from - other.from);
  return among(
    diagram,
    bitsOf(layout.slot(slot)),
    sorted.map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) })),
  );
}

/** Fragments but the first have no transport header; undefined where nothing looks at fragments. */
function laterFragments(diagram: Diagram, layout: Layout, header: 'ip' | 'ip6'): Node | undefined {
  const network = condition(diagram, layout, {
    slot: 'protocol',
    among: [{ from: etherTypes.indexOf(header), to: etherTypes.indexOf(header) }],
  });
  const some = (bits: readonly number[]): Node => among(diagram, bits, [{ from: 1n, to: (1n << BigInt(bits.length)) - 1n }]);
  if (header === 'ip6') {
    if (!layout.has('frag frag-off')) return undefined;
    const fragment = condition(diagram, layout, { slot: 'exthdr frag', among: [{ from: 1, to: 1 }] });
    return intersection(diagram, [network, fragment, some(bitsOf(layout.slot('frag frag-off')))]);
  }
  // The offset is the last 13 of the 16 bits.
  const looked = layout.slots.some(({ name, bits }) => {
    const segment = segmentOf(name);
    return segment?.header === 'ip' && segment.offset + bits === 64;
  });
  return looked ? diagram.and(network, some(layout.bitsAt('ip', 51, 13))) : undefined;
}

/** Without a header that is looked behind, the next header is the protocol. */
function followed(diagram: Diagram, layout: Layout): Node {
  const next = layout.bitsAt('ip6', 48, 8);
  const protocol = bitsOf(layout.slot('l4proto'));
  const same = next.map((bit, index) => diagram.not(diagram.xor(diagram.variable(bit), diagram.variable(protocol[index] ?? 0))));
  const known = condition(diagram, layout, atLeast(REACH_NONE));
  const headers = among(
    diagram,
    next,
    FOLLOWED.map((number) => ({ from: BigInt(number), to: BigInt(number) })),
  );
  return diagram.or(headers, diagram.and(known, intersection(diagram, same)));
}
