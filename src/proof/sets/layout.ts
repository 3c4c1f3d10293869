/** Which variables of a diagram are which bits of a packet. */
import { type Fact, placeOf } from '../../resource/ruleset/layout.ts';
import type { AddressCodes } from './address-codes.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Bits that belong together, the most significant one first. */
export interface Slot {
  readonly name: string;
  /** Its first variable. */
  readonly first: number;
  readonly bits: number;
  /** What its numbers stand for, where they are numbers of a list. */
  readonly codes?: readonly string[];
}

type Shape = Omit<Slot, 'first'>;

export interface Layout {
  readonly slots: readonly Slot[];
  /** All variables there are. */
  readonly variables: number;
  /** Where sources and destinations are numbers instead of addresses. */
  readonly addresses?: AddressCodes;
  /** @throws Error where nothing looks at it */
  slot(name: string): Slot;
  has(name: string): boolean;
  /** Whether rules look at bits of a header, all of them, be it in several fields. */
  looksAt(header: Header, offset: number, length: number): boolean;
  /** Variables of bits of a header; each header has its own. */
  bitsAt(header: Header, offset: number, length: number): readonly number[];
}

/** The link layer, the network layer of each protocol, the transport layer. */
export type Header = 'll' | NetworkHeader | 'th';
export type NetworkHeader = 'ip' | 'ip6' | 'arp' | 'other';

export const states = ['invalid', 'established', 'related', 'new', 'untracked'] as const;
/** What is in a frame; `other` is all that has no name here. */
export const etherTypes = ['ip', 'ip6', 'arp', '8021q', '8021ad', 'other'] as const;
export type EtherType = (typeof etherTypes)[number];
/** Behind it come `another interface`, and those that have names. */
export const NO_INTERFACE = 0;
/** How far behind the network header can be read: the protocol is not known; it is, but no more (fragments); the number of bits. */
export const REACH_UNKNOWN = 0;
export const REACH_NONE = 1;

/** Parts of headers that have a slot of their own, as one for all that have them. */
const shared: readonly { readonly header: Header; readonly offset: number; readonly length: number; readonly slot: string }[] = [
  { header: 'ip', offset: 72, length: 8, slot: 'l4proto' },
  // An IPv4 address is where the first 32 bits of an IPv6 address are.
  { header: 'ip', offset: 96, length: 32, slot: 'source' },
  { header: 'ip', offset: 128, length: 32, slot: 'destination' },
  { header: 'ip6', offset: 64, length: 128, slot: 'source' },
  { header: 'ip6', offset: 192, length: 128, slot: 'destination' },
  { header: 'th', offset: 0, length: 16, slot: 'sport' },
  { header: 'th', offset: 16, length: 16, slot: 'dport' },
];

/**
 * What decides most comes first: then the rest is looked at in few ways. `*` is whatever is not named.
 *
 * This is for rulesets with a chain for each interface.
 *
 * @internal Tests take both orders: nothing that is found out may hang on the order.
 */
export const INTERFACES_FIRST: readonly string[] = [
  ...['state', 'ct status', 'ct direction', 'iifname', 'oifname', 'ibrname', 'protocol', 'l4proto', 'reach', 'fib daddr type'],
  ...['*', 'destination', 'dport', 'sport', 'source'],
];

/**
 * For rulesets that speak of addresses, and of interfaces only here and there: these do not have to be told once for each interface.
 *
 * @internal As above.
 */
export const INTERFACES_LAST: readonly string[] = [
  ...['state', 'ct status', 'ct direction', 'protocol', 'l4proto', 'reach', 'fib daddr type'],
  ...['*', 'destination', 'dport', 'sport', 'source', 'iifname', 'oifname', 'ibrname'],
];

/** Of fields that are in no header; bits. */
const loose: Readonly<Record<string, number>> = {
  'meta mark': 32,
  'meta pkttype': 3,
  'meta length': 32,
  'ct status': 10,
  'ct direction': 1,
  'ct mark': 32,
  'fib daddr type': 4,
  'exthdr frag': 1,
  'frag frag-off': 13,
  'frag nexthdr': 8,
};

/** @param addresses numbers for addresses, if rules look at these as a whole */
export function layoutOf(vocabulary: Vocabulary, order: readonly string[] = INTERFACES_LAST, addresses?: AddressCodes): Layout {
  const shapes = shapesOf(vocabulary, addresses?.bits ?? 128);
  const place = (name: string): number => {
    // Which of them belongs to which protocol is told most briefly side by side.
    if (isNextHeader(name)) return order.indexOf('l4proto') + 0.5;
    return order.includes(name) ? order.indexOf(name) : order.indexOf('*');
  };
  const slots: Slot[] = [];
  let variables = 0;
  for (const shape of shapes.toSorted((one, other) => place(one.name) - place(other.name))) {
    slots.push({ ...shape, first: variables });
    variables += shape.bits;
  }
  const byName = new Map(slots.map((slot) => [slot.name, slot]));
  const slot = (name: string): Slot => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`no rule looks at ${name}`);
    return found;
  };
  const placeOfBit = (header: Header, bit: number): number | undefined => {
    const part = shared.find((one) => one.header === header && one.offset <= bit && bit < one.offset + one.length);
    if (part !== undefined && addresses !== undefined && isEnd(part.slot)) throw new Error(`bits of the ${part.slot} are not told apart`);
    if (part !== undefined) return slot(part.slot).first + bit - part.offset;
    for (const one of slots) {
      const at = segmentOf(one.name);
      if (at?.header === header && at.offset <= bit && bit < at.offset + one.bits) return one.first + bit - at.offset;
    }
    return undefined;
  };
  const bitAt = (header: Header, bit: number): number => {
    const found = placeOfBit(header, bit);
    if (found === undefined) throw new Error(`no rule looks at bit ${bit} of the ${header} header`);
    return found;
  };
  return {
    slots,
    variables,
    ...(addresses !== undefined && { addresses }),
    slot,
    has: (name) => byName.has(name),
    looksAt: (header, offset, length) =>
      Array.from({ length }, (_, bit) => placeOfBit(header, offset + bit)).every((found) => found !== undefined),
    bitsAt: (header, offset, length) => Array.from({ length }, (_, bit) => bitAt(header, offset + bit)),
  };
}

const isEnd = (slot: string): boolean => slot === 'source' || slot === 'destination';

/** Whether all that rules look at of addresses are addresses as a whole. */
export const takesWholeAddresses = ({ fields }: Vocabulary): boolean =>
  fields.every(
    (field) =>
      /^ip6? [sd]addr$/.test(field) ||
      partsOf(placeOf(field)).every(({ header, from, end }) =>
        shared.every((part) => part.header !== header || !isEnd(part.slot) || end <= part.offset || part.offset + part.length <= from),
      ),
  );

function isNextHeader(name: string): boolean {
  const segment = segmentOf(name);
  return segment?.header === 'ip6' && segment.offset >= 48 && segment.offset < 56;
}

const listed = (name: string, codes: readonly string[]): Shape => ({
  name,
  codes,
  bits: Math.max(1, (codes.length - 1).toString(2).length),
});

function shapesOf({ fields, names }: Vocabulary, addressBits: number): readonly Shape[] {
  const interfaces = ['no interface', 'another interface', ...names];
  const parts = fields.flatMap((field) => partsOf(placeOf(field)));
  const ends = parts.flatMap(({ header, end }) => (header === 'th' && end > 32 ? [end] : []));
  const inHeaders = new Set(fields.flatMap((field) => (loose[field] === undefined ? [] : [field])));
  if (fields.some((field) => field.startsWith('frag '))) inHeaders.add('exthdr frag');
  return [
    listed('state', states),
    listed('iifname', interfaces),
    listed('oifname', interfaces),
    ...(fields.includes('ibrname') ? [listed('ibrname', interfaces)] : []),
    listed('protocol', etherTypes),
    { name: 'l4proto', bits: 8 },
    listed('reach', ['unknown', 'none', '32', ...[...new Set(ends)].toSorted((one, other) => one - other).map(String)]),
    { name: 'destination', bits: addressBits },
    { name: 'dport', bits: 16 },
    { name: 'sport', bits: 16 },
    { name: 'source', bits: addressBits },
    ...[...inHeaders].map((name) => ({ name, bits: loose[name] ?? 0 })),
    ...segmentsOf(parts),
  ];
}

interface Part {
  readonly header: Header;
  readonly from: number;
  readonly end: number;
}

/** In the network headers of which protocols a field is; bits without a name are in all of them. */
export function networkHeaders(facts: readonly Fact[]): readonly NetworkHeader[] {
  const own = facts.find((fact): fact is 'ip' | 'ip6' | 'arp' => fact === 'ip' || fact === 'ip6' || fact === 'arp');
  return own === undefined ? ['ip', 'ip6', 'arp', 'other'] : [own];
}

function partsOf({ at, facts }: ReturnType<typeof placeOf>): readonly Part[] {
  const [, base, offset, length] = /^@(ll|nh|th),(\d+),(\d+)$/.exec(at) ?? [];
  if (base === undefined) return [];
  const headers = base === 'nh' ? networkHeaders(facts) : [base === 'll' ? ('ll' as const) : ('th' as const)];
  const from = Number(offset);
  return headers.map((header) => ({ header, from, end: from + Number(length) }));
}

/** Fields may overlap: so headers are cut wherever one begins or ends, but for what is shared. */
function segmentsOf(parts: readonly Part[]): readonly Shape[] {
  const segments: Shape[] = [];
  for (const header of ['ll', 'ip', 'ip6', 'arp', 'other', 'th'] as const) {
    const own = parts.filter((part) => part.header === header);
    const taken = shared.filter((part) => part.header === header);
    const cuts = [...own.flatMap(({ from, end }) => [from, end]), ...taken.flatMap(({ offset, length }) => [offset, offset + length])];
    const sorted = [...new Set(cuts)].toSorted((one, other) => one - other);
    for (const [index, from] of sorted.entries()) {
      const end = sorted[index + 1] ?? from;
      const used = own.some((part) => part.from <= from && end <= part.end);
      const isShared = taken.some(({ offset, length }) => offset <= from && end <= offset + length);
      if (end > from && used && !isShared) segments.push({ name: segmentName(header, from, end), bits: end - from });
    }
  }
  return segments;
}

const segmentName = (header: Header, from: number, end: number): string => `${header} bits ${from}-${end - 1}`;

/** What a slot is of a header; undefined where it is none. */
export function segmentOf(name: string): { readonly header: Header; readonly offset: number } | undefined {
  const [, header, offset] = /^(ll|ip|ip6|arp|other|th) bits (\d+)-/.exec(name) ?? [];
  return header === undefined ? undefined : { header: header as Header, offset: Number(offset) };
}
