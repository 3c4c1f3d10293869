/** Where in a packet a field is, and which packets have it at all. */
import type { Family } from '../../address/ip.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Fact, placeOf } from '../../resource/ruleset/layout.ts';
import type { Codes } from './address-codes.ts';
import { etherTypes, type Layout, NO_INTERFACE, networkHeaders, REACH_NONE, REACH_UNKNOWN, type Slot, states } from './layout.ts';

/** A slot is one of these numbers. */
export interface Condition {
  readonly slot: string;
  readonly among: readonly { readonly from: number; readonly to: number }[];
}

/** A field is read from these bits by packets that meet all conditions. */
interface BitPlace {
  readonly when: readonly Condition[];
  /** Variables, the most significant first. */
  readonly bits: readonly number[];
  /** Where they have a number instead of the address. */
  readonly codes?: Codes;
}

/** A field that is one of a list: the slot has its number. */
interface ListPlace {
  readonly when: readonly Condition[];
  readonly slot: Slot;
  /** By their numbers; there may be more numbers. */
  readonly values: readonly (bigint | string)[];
  /** Whether all values that the field can have are in the list. */
  readonly complete: boolean;
}

export type Place = { readonly kind: 'bits'; readonly variants: readonly BitPlace[] } | ({ readonly kind: 'list' } & ListPlace);

const only = (slot: string, number: number): Condition => ({ slot, among: [{ from: number, to: number }] });

const carries = (...types: readonly (typeof etherTypes)[number][]): Condition => ({
  slot: 'protocol',
  among: types.map((type) => ({ from: etherTypes.indexOf(type), to: etherTypes.indexOf(type) })),
});

/** Bits of the mask that `ct state` is, and the numbers of Ethernet and NFPROTO, in the order of the lists. */
const stateMasks: readonly bigint[] = [1n, 2n, 4n, 8n, 64n];
const etherNumbers: readonly bigint[] = [0x0800n, 0x86ddn, 0x0806n, 0x8100n, 0x88a8n];
const familyNumbers: readonly bigint[] = [2n, 10n];

/** Only packets that belong to a connection have what is kept of connections. */
const tracked: Condition = { slot: 'state', among: [{ from: states.indexOf('established'), to: states.indexOf('new') }] };

export function placeIn(layout: Layout, field: Field): Place {
  const bits = (when: readonly Condition[], name: string): Place => {
    return { kind: 'bits', variants: [{ when, bits: variablesOf(layout.slot(name)) }] };
  };
  const list = (name: string, values: readonly (bigint | string)[], complete: boolean, when: readonly Condition[] = []): Place => ({
    kind: 'list',
    when,
    slot: layout.slot(name),
    values,
    complete,
  });
  switch (field) {
    case 'iifname':
    case 'oifname':
      // Of no interface the name is empty.
      return list(field, layout.slot(field).codes ?? [], false);
    case 'ibrname': {
      const { codes = [], bits: width } = layout.slot(field);
      return list(field, codes, false, [{ slot: field, among: [{ from: NO_INTERFACE + 1, to: 2 ** width - 1 }] }]);
    }
    case 'ct state':
      return list('state', stateMasks, true);
    case 'meta protocol':
    case 'ether type':
      return list('protocol', etherNumbers, false);
    case 'meta nfproto':
      return list('protocol', familyNumbers, true, [carries('ip', 'ip6')]);
    case 'meta l4proto':
      return bits([carries('ip', 'ip6'), { slot: 'reach', among: [{ from: REACH_UNKNOWN + 1, to: 0xff }] }], 'l4proto');
    case 'ct status':
    case 'ct direction':
    case 'ct mark':
      return bits([tracked], field);
    case 'meta mark':
    case 'meta length':
    case 'meta pkttype':
      return bits([], field);
    case 'fib daddr type':
      return bits([carries('ip', 'ip6')], field);
    case 'exthdr frag':
      return bits([carries('ip6')], field);
    case 'frag frag-off':
    case 'frag nexthdr':
      return bits([carries('ip6'), only('exthdr frag', 1)], field);
    default:
      return { kind: 'bits', variants: inHeader(layout, field) };
  }
}

const variablesOf = ({ first, bits }: Slot): readonly number[] => Array.from({ length: bits }, (_, bit) => first + bit);

const addressFields: ReadonlyMap<Field, { readonly family: Family; readonly slot: 'source' | 'destination' }> = new Map([
  ['ip saddr', { family: 4, slot: 'source' }],
  ['ip daddr', { family: 4, slot: 'destination' }],
  ['ip6 saddr', { family: 6, slot: 'source' }],
  ['ip6 daddr', { family: 6, slot: 'destination' }],
]);

function inHeader(layout: Layout, field: Field): readonly BitPlace[] {
  const place = placeOf(field);
  const [, base, from, length] = /^@(ll|nh|th),(\d+),(\d+)$/.exec(place.at) ?? [];
  if (base === undefined) throw new Error(`where ${field} is in a packet is not known`);
  const [offset, width] = [Number(from), Number(length)];
  const when = place.facts.map(conditionOf);
  if (base === 'll') return [{ when, bits: layout.bitsAt('ll', offset, width) }];
  if (base === 'th') {
    const readable: readonly Condition[] = [
      carries('ip', 'ip6'),
      { slot: 'reach', among: [{ from: reachOf(layout, offset + width), to: 0xff }] },
    ];
    return [{ when: [...when, ...readable], bits: layout.bitsAt('th', offset, width) }];
  }
  const end = addressFields.get(field);
  return networkHeaders(place.facts).map((header) => ({
    when: [...when, header === 'other' ? carries('8021q', '8021ad', 'other') : carries(header)],
    ...(end === undefined || layout.addresses === undefined
      ? { bits: layout.bitsAt(header, offset, width) }
      : { bits: variablesOf(layout.slot(end.slot)), codes: layout.addresses.of[end.family] }),
  }));
}

/** The first number of the slot `reach` with which bits up to `end` can be read. */
export function reachOf(layout: Layout, end: number): number {
  const { codes = [] } = layout.slot('reach');
  return codes.findIndex((code, number) => number > REACH_NONE && Number(code) >= end);
}

function conditionOf(fact: Fact): Condition {
  if (fact === 'vlan') return carries('8021q');
  if (fact === 'ip' || fact === 'ip6' || fact === 'arp') return carries(fact);
  return only('l4proto', Number(fact.slice('l4 '.length)));
}
