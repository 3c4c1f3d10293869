import { expect, test } from 'vitest';
import { tryFormulas, tryRulesets } from './campaign.ts';
import { withZ3 } from './z3.ts';

/** `npm run solver` tries 10,000 and 500. */
test('Z3 finds no packet for which packet sets and formulas, or rulesets, differ', { timeout: 300_000 }, () =>
  withZ3(async (solver) => {
    await tryFormulas(solver, { count: 60, seed: 11 });
    await tryRulesets(solver, { count: 15, seed: 11 });
  }),
);

test('and it would find one', { timeout: 300_000 }, async () => {
  await withZ3(({ z3, given }) => {
    const bits = z3.BitVec.const('bits', 32);
    const found = given([z3.ULE(bits, 9)]).ask(z3.Not(z3.ULE(bits, 8)));
    expect(found?.(bits)).toBe('#x00000009');
    expect(given([z3.ULE(bits, 9)]).ask(z3.Not(z3.ULE(bits, 9)))).toBeUndefined();
    return Promise.resolve();
  });
});
