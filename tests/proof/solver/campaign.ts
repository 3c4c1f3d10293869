/** Packet sets against Z3: it looks for a packet for which the two differ. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type Decisions, decide } from '../../../src/proof/sets/chain.ts';
import type { Node } from '../../../src/proof/sets/diagram.ts';
import { INTERFACES_FIRST, INTERFACES_LAST, layoutOf } from '../../../src/proof/sets/layout.ts';
import { PacketSets } from '../../../src/proof/sets/packet-sets.ts';
import { tables } from '../../../src/proof/sets/random-ruleset.fixture.ts';
import { union } from '../../../src/proof/sets/stretches.ts';
import { vocabularyOf } from '../../../src/proof/sets/vocabulary.ts';
import { membershipIn } from './encoding.ts';
import { formulas, setOf, truthOf } from './formula.ts';
import { contextOf, contexts, factsOf } from './known.ts';
import { type AnyPacket, anyPacket, turned, wellFormed } from './packet.ts';
import { formulaFields, interfaceNames } from './random-match.ts';
import { type Outcome, outcomeOf } from './ruleset.ts';
import type { Solver, Truth } from './z3.ts';

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly report?: (done: number) => void;
}

/** A set, and what has to be so for a packet to be in it. */
interface Pair {
  readonly set: Node;
  readonly truth: Truth;
}

/** So many at once: what Z3 takes for each question is more than for each formula. */
const AT_ONCE = 20;

/** @throws Error with the smallest formulas, and a packet, for which the two differ */
export async function tryFormulas(solver: Solver, { count, seed, report }: Options): Promise<void> {
  const batches = fc.array(formulas, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const { z3 } = solver;
  const packet = anyPacket(z3, 'packet');
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(INTERFACES_FIRST, INTERFACES_LAST), batches, async (order, batch) => {
      const sets = new PacketSets(layoutOf({ fields: formulaFields, names: [...interfaceNames] }, order), 'inet');
      const pairs = batch.map((formula) => ({ set: setOf(sets, formula), truth: truthOf(z3, formula, packet) }));
      expectNoDifference(solver, sets, packet, pairs);
      await freeing();
      done += batch.length;
      report?.(done);
    }),
    { numRuns: Math.ceil(count / AT_ONCE), seed },
  );
}

/** @throws Error with the smallest table, and a packet, for which the two differ */
export async function tryRulesets(solver: Solver, { count, seed, report }: Options): Promise<void> {
  const { z3 } = solver;
  const packet = anyPacket(z3, 'packet');
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(INTERFACES_FIRST, INTERFACES_LAST), tables, contexts, async (order, table, context) => {
      const [base] = table.chains;
      if (base === undefined) throw new Error('no chain');
      const sets = new PacketSets(layoutOf(vocabularyOf([table]), order), 'inet');
      const seen = context.turned ? turned(z3, packet) : packet;
      const outcomes = { nothing: outcomeOf(z3, table, base, packet), something: outcomeOf(z3, table, base, seen) };
      expectNoDifference(solver, sets, packet, pairsOf(sets, decide(sets, table, base, sets.all), outcomes.nothing));
      const view = sets.knowing(contextOf(context));
      const known = pairsOf(sets, decide(view, table, base, sets.all), outcomes.something);
      expectNoDifference(solver, sets, packet, known, factsOf(z3, context, seen));
      await freeing();
      done += 1;
      report?.(done);
    }),
    { numRuns: count, seed },
  );
}

/** Terms of Z3 that JavaScript has dropped are freed between two turns of the event loop, and fill 2 GB without. */
const freeing = (): Promise<void> => setImmediate();

function pairsOf({ diagram }: PacketSets, decisions: Decisions, outcome: Outcome): readonly Pair[] {
  const translated = [...outcome.translated].map(([by, truth]) => {
    const packets = decisions.translated.flatMap((one) => (one.nat === by ? [one.packets] : []));
    return { truth, set: union(diagram, packets) };
  });
  return [...(['accepted', 'dropped', 'rejected'] as const).map((fate) => ({ set: decisions[fate], truth: outcome[fate] })), ...translated];
}

function expectNoDifference(
  { z3, given }: Solver,
  sets: PacketSets,
  packet: AnyPacket,
  pairs: readonly Pair[],
  ...facts: readonly Truth[]
): void {
  const { definitions, member } = membershipIn(z3, sets.diagram, sets.layout, packet);
  const questions = given([wellFormed(z3, packet), ...definitions, ...facts]);
  for (const [place, { set, truth }] of pairs.entries()) {
    const found = questions.ask(z3.Xor(member(set), truth));
    if (found === undefined) continue;
    const parts = Object.entries(packet).map(([name, part]: [string, Truth]) => `${name} ${found(part)}`);
    throw new Error(`set and formula ${place} differ for the packet ${parts.join(', ')}`);
  }
}
