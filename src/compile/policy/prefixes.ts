/** Prefixes as sets of addresses. They nest or are apart, never anything between: what layers of a set rely on. */
import type { Prefix } from '../../address/ip.ts';
import { bitsOf, comparePrefixes, containsPrefix } from '../../address/prefix.ts';

/** The same addresses in as few prefixes as can be, in their order. */
export function aggregate(prefixes: readonly Prefix[]): readonly Prefix[] {
  const kept: Prefix[] = [];
  for (const prefix of prefixes.toSorted(comparePrefixes)) {
    const last = kept.at(-1);
    if (last !== undefined && containsPrefix(last, prefix)) continue;
    kept.push(prefix);
    for (let both = joined(kept); both !== undefined; both = joined(kept)) kept.splice(-2, 2, both);
  }
  return kept;
}

/** The last two as one, where they are the halves of a prefix. */
function joined(kept: readonly Prefix[]): Prefix | undefined {
  const [left, right] = kept.slice(-2);
  if (left === undefined || right === undefined || left.family !== right.family || left.length !== right.length) return undefined;
  const size = 1n << BigInt(bitsOf(left.family) - left.length);
  return left.value + size === right.value && (left.value & size) === 0n ? { ...left, length: left.length - 1 } : undefined;
}

/** Distinct prefixes by number, each with those that it lies in. */
export interface Nesting {
  readonly numberOf: (prefix: Prefix) => number;
  /** Itself and all that contain it. */
  readonly around: (number: number) => readonly number[];
}

export function nestingOf(prefixes: Iterable<Prefix>): Nesting {
  const numbers = new Map<string, number>();
  const distinct: Prefix[] = [];
  // Ends that many lines name are the same object: asked by that first, for a key takes longer to write than to look up.
  const seen = new Map<Prefix, number>();
  for (const prefix of prefixes) {
    if (seen.has(prefix)) continue;
    const key = keyOf(prefix);
    const number = numbers.get(key) ?? distinct.length;
    seen.set(prefix, number);
    if (number < distinct.length) continue;
    numbers.set(key, number);
    distinct.push(prefix);
  }
  const around: number[][] = distinct.map(() => []);
  const open: { readonly prefix: Prefix; readonly number: number }[] = [];
  for (const [number, prefix] of [...distinct.entries()].toSorted(([, one], [, other]) => comparePrefixes(one, other))) {
    for (let last = open.at(-1); last !== undefined && !containsPrefix(last.prefix, prefix); last = open.at(-1)) open.pop();
    open.push({ prefix, number });
    around[number] = open.map((outer) => outer.number);
  }
  return {
    numberOf: (prefix) => seen.get(prefix) ?? numbers.get(keyOf(prefix)) ?? -1,
    around: (number) => around[number] ?? [],
  };
}

export const keyOf = ({ family, value, length }: Prefix): string => `${family === 4 ? '' : '6'}:${value.toString(36)}/${length}`;
