/** Sets of packets in words: for people, who read a few lines. */
import { formatAddress } from '../../address/format.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';
import { symbolOf } from '../../resource/ruleset/symbols.ts';
import { supportOf } from './counting.ts';
import type { Node } from './diagram.ts';
import { type EtherType, etherTypes, type Layout, REACH_NONE } from './layout.ts';
import { EMPTY } from './node-table.ts';
import type { PacketSets } from './packet-sets.ts';
import { type Numbers, type Row, rowCount, rowsOf } from './rows.ts';
import { bitsOf } from './universe.ts';

export interface Limits {
  readonly lines: number;
  /** Of one list within a line. */
  readonly values: number;
}

/** `new, lan → wan, 10.1.0.0/24 → 10.2.0.1, tcp/22`; the last line may be `and 12 more`. */
export function wordsOf(sets: PacketSets, packets: Node, limits: Limits): readonly string[] {
  const lines: string[] = [];
  let all = 0n;
  for (const part of partsOf(sets, packets)) {
    all += rowCount(sets.diagram, sets.layout, part.rest);
    for (const row of rowsOf(sets.diagram, sets.layout, part.rest)) {
      if (lines.length >= limits.lines) break;
      lines.push(lineOf(sets, part.types, row, limits));
    }
  }
  const more = all - BigInt(lines.length);
  return more === 0n ? lines : [...lines, `and ${more} more`];
}

interface Part {
  readonly types: readonly EtherType[];
  readonly rest: Node;
}

/** By protocol, because addresses read otherwise; protocols of which the same holds stay together, unless addresses do. */
function partsOf({ diagram, layout }: PacketSets, packets: Node): readonly Part[] {
  const parts: { readonly types: EtherType[]; readonly rest: Node }[] = [];
  const slot = layout.slot('protocol');
  const addresses = new Set(['source', 'destination'].flatMap((name) => bitsOf(layout.slot(name))));
  for (const [number, type] of etherTypes.entries()) {
    const literals = bitsOf(slot).map((variable, index) => {
      const one = diagram.variable(variable);
      return (number >> (slot.bits - 1 - index)) & 1 ? one : diagram.not(one);
    });
    const rest = diagram.restrict(
      packets,
      literals.reduce((all, literal) => diagram.and(all, literal)),
    );
    if (rest === EMPTY) continue;
    const same = parts.find((part) => part.rest === rest);
    if (same !== undefined && [...supportOf(diagram, rest)].every((variable) => !addresses.has(variable))) same.types.push(type);
    else parts.push({ types: [type], rest });
  }
  return parts;
}

function lineOf({ layout }: PacketSets, types: readonly EtherType[], row: Row, { values }: Limits): string {
  const list: List = ({ intervals, complete }, text) => {
    const texts = [...new Set(intervals.map(text))];
    const some = texts.slice(0, values).join(', ');
    if (!complete) return `${some} and more`;
    return texts.length > values ? `${some} and ${texts.length - values} more` : some;
  };
  const coded = (name: string): string | undefined => {
    const numbers = row.get(name)?.intervals;
    const { codes = [] } = layout.slot(name);
    const chosen = numbers && codes.filter((_, number) => numbers.some(({ from, to }) => from <= number && number <= to));
    if (chosen === undefined || chosen.length === codes.length) return undefined;
    const left = codes.filter((code) => !chosen.includes(code));
    return left.length < chosen.length ? `not ${left.join(', ')}` : chosen.join(', ');
  };
  const [type] = types.length === 1 ? types : [];
  const address = (name: string): string | undefined => {
    const numbers = row.get(name);
    const family = type === 'ip' ? 4 : 6;
    return numbers && list(numbers, (interval) => addressText(family, addressesIn(layout, family, interval)));
  };
  const between = (from: string | undefined, to: string | undefined): string | undefined =>
    from === undefined && to === undefined ? undefined : `${from ?? 'any'} → ${to ?? 'any'}`;
  const [source, destination] = [address('source'), address('destination')];
  const unread = row.get('reach')?.intervals.every(({ to }) => to <= REACH_NONE) === true ? 'without a transport header' : undefined;
  const others = [...row]
    .filter(([name]) => !said.has(name))
    .map(([name, numbers]) => `${names[name] ?? name} ${list(numbers, numberText)}`);
  const words = [
    coded('state'),
    between(coded('iifname'), coded('oifname')),
    source === undefined && destination === undefined && types.length < etherTypes.length
      ? types.map((one) => familyNames[one] ?? one).join(', ')
      : undefined,
    between(source, destination),
    ...servicesOf(row, list),
    unread,
    ...others,
  ];
  return words.filter((word) => word !== undefined && word !== '').join(', ');
}

const said = new Set(['state', 'iifname', 'oifname', 'source', 'destination', 'l4proto', 'sport', 'dport', 'reach']);
const familyNames: Readonly<Partial<Record<EtherType, string>>> = { ip: 'IPv4', ip6: 'IPv6' };
const names: Readonly<Record<string, string>> = {
  'll bits 0-47': 'ether daddr',
  'll bits 48-95': 'ether saddr',
  'ip6 bits 56-63': 'ip6 hoplimit',
  'ip6 bits 48-55': 'ip6 nexthdr',
};

type List = (numbers: Numbers, text: (interval: Interval) => string) => string;

const ICMP = [1n, 58n];

function servicesOf(row: Row, list: List): readonly (string | undefined)[] {
  const protocols = row.get('l4proto');
  const [sport, dport] = [row.get('sport'), row.get('dport')];
  const [first, ...others] = protocols?.intervals ?? [];
  const only = first !== undefined && others.length === 0 && first.from === first.to ? first.from : undefined;
  if (only !== undefined && ICMP.includes(only)) {
    const types = sport && { ...sport, intervals: sport.intervals.map(({ from, to }) => ({ from: from >> 8n, to: to >> 8n })) };
    const text = (interval: Interval): string => symbolText(only === 1n ? 'icmp_type' : 'icmpv6_type', interval);
    return [types === undefined ? 'icmp' : `icmp ${list(types, text)}`];
  }
  const named = protocols && list(protocols, (interval) => symbolText('inet_proto', interval));
  return [
    dport === undefined ? named : `${named ?? 'any protocol'}/${list(dport, numberText)}`,
    sport && `from port ${list(sport, numberText)}`,
  ];
}

const numberText = ({ from, to }: Interval): string => (from === to ? String(from) : `${from}-${to}`);

function symbolText(type: 'inet_proto' | 'icmp_type' | 'icmpv6_type', { from, to }: Interval): string {
  const symbol = (number: bigint): string => symbolOf(type, Number(number)) ?? String(number);
  return from === to ? symbol(from) : `${from}-${to}`;
}

/** What is in the bits of a source or destination. */
function addressesIn({ addresses }: Layout, family: 4 | 6, interval: Interval): Interval {
  if (addresses !== undefined) return addresses.of[family].addresses(interval);
  const shift = family === 4 ? 96n : 0n;
  return { from: interval.from >> shift, to: interval.to >> shift };
}

/** As one address, a prefix, or from first to last. */
function addressText(family: 4 | 6, { from, to }: Interval): string {
  const text = (value: bigint): string => formatAddress({ family, value });
  if (from === to) return text(from);
  const size = to - from + 1n;
  const bits = size.toString(2).length - 1;
  if (size === 1n << BigInt(bits) && from % size === 0n) return `${text(from)}/${(family === 4 ? 32 : 128) - bits}`;
  return `${text(from)}-${text(to)}`;
}
