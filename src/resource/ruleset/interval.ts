/** Values as numbers, so that what is written in different ways compares as what it is. */
import { formatGroups } from '../../address/format.ts';
import { parseAddress } from '../../address/parse.ts';
import { numberOf } from './symbols.ts';
import type { Atom, Value } from './value.ts';
import type { ValueType } from './value-type.ts';

/** Inclusive. */
export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

const widths: { readonly [T in ValueType]?: number } = { ipv4_addr: 32, ipv6_addr: 128, ether_addr: 48, mark: 32 };

/** Undefined for names of interfaces, and for words that are not known. */
function codeOf(atom: Atom, type: ValueType): bigint | undefined {
  if (typeof atom === 'number') return BigInt(atom);
  switch (type) {
    case 'ifname':
      return undefined;
    case 'ipv4_addr': {
      const address = parseAddress(atom);
      return address.ok ? address.value.value : undefined;
    }
    case 'ipv6_addr':
      return groupsOf(atom)?.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
    case 'ether_addr':
      return /^[0-9a-f:]+$/i.test(atom) ? BigInt(`0x${atom.replaceAll(':', '')}`) : undefined;
    default: {
      const number = numberOf(type, atom);
      if (number !== undefined) return BigInt(number);
      return /^(0x[0-9a-f]+|\d+)$/i.test(atom) ? BigInt(atom) : undefined;
    }
  }
}

export function intervalOf(value: Value, type: ValueType): Interval | undefined {
  if (typeof value !== 'object') {
    const code = codeOf(value, type);
    return code === undefined ? undefined : { from: code, to: code };
  }
  if ('prefix' in value) {
    const first = codeOf(value.prefix, type);
    if (first === undefined) return undefined;
    return { from: first, to: first | ((1n << BigInt((widths[type] ?? 32) - value.length)) - 1n) };
  }
  const [from, to] = [codeOf(value.from, type), codeOf(value.to, type)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** One text for all ways to write a value. Addresses stay as they are, because there are thousands of them in a set. */
export function valueText(value: Value, type: ValueType): string {
  if (typeof value !== 'object') return atomText(value, type);
  if ('prefix' in value && value.length === widths[type]) return atomText(value.prefix, type);
  if ('from' in value && value.from === value.to) return atomText(value.from, type);
  const interval = intervalOf(value, type);
  return interval === undefined ? JSON.stringify(value) : `${interval.from}-${interval.to}`;
}

function atomText(atom: Atom, type: ValueType): string {
  if (typeof atom === 'number') return String(atom);
  if (type === 'ipv6_addr') return atom.includes('.') ? withoutDots(atom) : atom;
  if (type === 'ipv4_addr' || type === 'ether_addr' || type === 'ifname') return atom;
  // Raw bits may have more digits than a number holds.
  return String(codeOf(atom, type) ?? atom);
}

/** inet_ntop(3) writes the last 32 bits of some addresses as IPv4 does: `::ffff:192.0.2.1`. */
const withoutDots = (text: string): string => formatGroups(groupsOf(text) ?? []);

/** The eight groups of an IPv6 address; of mapped ones too, which a file may not have but a list of impossible sources does. */
function groupsOf(text: string): readonly number[] | undefined {
  const [head = [], tail] = text
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
      const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
      return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
    })
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  const groups =
    tail === undefined ? head : [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0), ...tail];
  return groups.length === 8 && groups.every((group) => Number.isInteger(group)) ? groups : undefined;
}

/** Sorted, and what touches made one: that is what nft makes of the braces in a rule. */
export function merged(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals.toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0))) {
    const last = result.at(-1);
    if (last === undefined || interval.from > last.to + 1n) result.push(interval);
    else if (interval.to > last.to) result[result.length - 1] = { from: last.from, to: interval.to };
  }
  return result;
}
