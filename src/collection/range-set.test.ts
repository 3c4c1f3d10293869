import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, meets, type RangeSet, rangeSet, subtract, supersets, union } from './range-set.ts';

const anySet = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), { maxLength: 5 })
  .map((ranges) => rangeSet(ranges.map(([a, b]) => [Math.min(a, b), Math.max(a, b)])));

function members(set: RangeSet): Set<number> {
  const found = new Set<number>();
  for (let index = 0; index < set.length; index += 2) for (let one = set[index] ?? 0; one < (set[index + 1] ?? 0); one += 1) found.add(one);
  return found;
}

const within = (inner: Set<number>, outer: Set<number>) => [...inner].every((one) => outer.has(one));

describe('sets of ranges are sets of the numbers in them', () => {
  it('joined, taken away, compared', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        const [a, b] = [members(one), members(other)];
        expect(members(union([one, other]))).toEqual(new Set([...a, ...b].sort((x, y) => x - y)));
        expect(members(subtract(one, other))).toEqual(new Set([...a].filter((x) => !b.has(x))));
        expect(covers(one, other)).toBe(within(b, a));
        expect(meets(one, other)).toBe([...a].some((x) => b.has(x)));
        expect(union([one, subtract(other, one)])).toEqual(union([one, other]));
      }),
      { numRuns: 1000 },
    );
  });

  it('and those that hold all of another are found', () => {
    fc.assert(
      fc.property(fc.array(anySet, { maxLength: 8 }), (sets) => {
        const expected = sets.map((set) => (set.length === 0 ? [] : [...sets.keys()].filter((outer) => covers(sets[outer] ?? [], set))));
        expect(supersets(sets).map((found) => found.toSorted((a, b) => a - b))).toEqual(expected);
      }),
    );
  });
});
