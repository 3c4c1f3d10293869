/**
 * A set of whole numbers as ranges: `[from, until, from, until, …]`, ascending, without overlap or touch; `until` is
 * not in the set.
 */
export type RangeSet = readonly number[];

export const EMPTY: RangeSet = [];

/** Of ranges in any order, which may overlap. Empty ones do not count. */
export function rangeSet(ranges: readonly (readonly [from: number, until: number])[]): RangeSet {
  const set: number[] = [];
  for (const [from, until] of ranges.filter(([a, b]) => a < b).toSorted((a, b) => a[0] - b[0])) {
    const last = set.at(-1);
    if (last === undefined || from > last) set.push(from, until);
    else if (until > last) set[set.length - 1] = until;
  }
  return set;
}

export function union(sets: readonly RangeSet[]): RangeSet {
  const [only] = sets;
  if (sets.length < 2) return only ?? EMPTY;
  return rangeSet(sets.flatMap(pairs));
}

export function subtract(set: RangeSet, less: RangeSet): RangeSet {
  const left: number[] = [];
  let at = 0;
  for (let index = 0; index < set.length; index += 2) {
    let from = start(set, index);
    const until = end(set, index);
    while (at < less.length && end(less, at) <= from) at += 2;
    for (let next = at; next < less.length && start(less, next) < until; next += 2) {
      if (start(less, next) > from) left.push(from, start(less, next));
      from = Math.max(from, end(less, next));
    }
    if (from < until) left.push(from, until);
  }
  return left;
}

/** Whether all of `inner` is in `outer`. */
export function covers(outer: RangeSet, inner: RangeSet): boolean {
  if (inner.length > outer.length && outer.length === 2) return start(outer, 0) <= start(inner, 0) && end(outer, 0) >= (inner.at(-1) ?? 0);
  for (let index = 0; index < inner.length; index += 2) {
    const at = rangeAround(outer, start(inner, index));
    if (at < 0 || end(outer, at) < end(inner, index)) return false;
  }
  return true;
}

export function meets(one: RangeSet, other: RangeSet): boolean {
  let at = 0;
  for (let index = 0; index < one.length; index += 2) {
    while (at < other.length && end(other, at) <= start(one, index)) at += 2;
    if (at < other.length && start(other, at) < end(one, index)) return true;
  }
  return false;
}

/** By set: the numbers of those that hold all of it, its own among them; none for an empty set. */
export function supersets(sets: readonly RangeSet[]): readonly (readonly number[])[] {
  const opening = sets.flatMap((set, owner) => pairs(set).map(([from, until]) => ({ from, until, owner }))).sort((a, b) => a.from - b.from);
  const asking = [...sets.keys()]
    .filter((owner) => sets[owner]?.length !== 0)
    .sort((a, b) => start(sets[a] ?? EMPTY, 0) - start(sets[b] ?? EMPTY, 0));
  const found: (readonly number[])[] = sets.map(() => []);
  let next = 0;
  let open: typeof opening = [];
  for (const owner of asking) {
    const set = sets[owner] ?? EMPTY;
    const first = start(set, 0);
    open = open.filter(({ until }) => until > first);
    for (let range = opening[next]; range !== undefined && range.from <= first; range = opening[++next])
      if (range.until > first) open.push(range);
    // Whoever holds all of it holds its first number.
    found[owner] = open.map((range) => range.owner).filter((other) => covers(sets[other] ?? EMPTY, set));
  }
  return found;
}

/** Where the range that a number is in begins in the list; negative for none. */
function rangeAround(set: RangeSet, number: number): number {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end(set, middle * 2) <= number) low = middle + 1;
    else high = middle;
  }
  return low * 2 < set.length && start(set, low * 2) <= number ? low * 2 : -1;
}

function pairs(set: RangeSet): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let index = 0; index < set.length; index += 2) found.push([start(set, index), end(set, index)]);
  return found;
}

const start = (set: RangeSet, index: number): number => set[index] ?? 0;
const end = (set: RangeSet, index: number): number => set[index + 1] ?? 0;
