/** What is found out of packets that are lost for their size alone: which size is not, and where they were seen for the last time. */
import { fittingSizes, type LostProbe } from './probe/fitting-size.ts';
import type { LastSeen, Outcome, Probe } from './probe/probe.ts';
import type { ProbeOptions } from './probe/probe-all.ts';
import { type Sighting, trails, type Vantage } from './probe/trail.ts';
import type { Question } from './question.ts';

export interface Surroundings {
  /** Where packets of these probes may pass. */
  readonly vantages: (probes: readonly Probe[]) => readonly Vantage[];
  /** The namespace of a node, as the vantage of its name. */
  readonly vantageOf: (node: string) => string;
  /** What a device is, in the words of the file. */
  readonly placeOf: (vantage: string, device: string) => Pick<LastSeen, 'at' | 'by'>;
}

/** More say nothing new to whoever reads it. */
const MOST = 24;

const keyOf = ({ from, source, to, protocol, port }: Probe): string =>
  `${from} ${source?.value ?? ''} ${to.family} ${to.value} ${protocol} ${port ?? ''}`;

/**
 * The outcomes of `measure`, with what is found out of those of full size that were lost while small ones came through. That takes
 * some seconds where there are such, whatever their number, and no time otherwise.
 */
export async function withLargeLosses(
  questions: readonly Question[],
  outcomes: readonly (readonly Outcome[])[],
  surroundings: Surroundings,
  options: ProbeOptions,
): Promise<readonly (readonly Outcome[])[]> {
  const lost = lostIn(questions, outcomes);
  if (lost.size === 0) return outcomes;
  const some = [...lost.values()].slice(0, MOST);
  const sizes = await fittingSizes(some, options);
  const seen = await trails(some, surroundings.vantages(some.map(({ probe }) => probe)), options);
  const found = new Map(
    some.map(({ probe }, index) => {
      const [fits, lastSeen] = [sizes[index], lastOf(probe, seen[index] ?? [], surroundings)];
      return [keyOf(probe), { ...(fits !== undefined && { fits }), ...(lastSeen !== undefined && { lastSeen }) }];
    }),
  );
  return outcomes.map((own, at) =>
    own.map((outcome, index): Outcome => {
      const probe = questions[at]?.asks[index]?.probe;
      return outcome.kind === 'timed-out' && outcome.size !== undefined && probe !== undefined
        ? { ...outcome, ...found.get(keyOf(probe)) }
        : outcome;
    }),
  );
}

/** By what is exchanged: probes of full size that were not answered, where small ones were. */
function lostIn(questions: readonly Question[], outcomes: readonly (readonly Outcome[])[]): ReadonlyMap<string, LostProbe> {
  const lost = new Map<string, LostProbe>();
  const through = new Set<string>();
  for (const [at, { asks }] of questions.entries())
    for (const [index, { probe, expected }] of asks.entries()) {
      const outcome = outcomes[at]?.[index];
      if (outcome?.kind === 'answered' || outcome?.kind === 'delivered') through.add(keyOf(probe));
      if (expected === 'answer' && outcome?.kind === 'timed-out' && outcome.size !== undefined)
        lost.set(keyOf(probe), { probe, size: outcome.size });
    }
  return new Map([...lost].filter(([key]) => through.has(key)));
}

function lastOf({ target }: Probe, seen: readonly Sighting[], { vantageOf, placeOf }: Surroundings): LastSeen | undefined {
  const last = seen.at(-1);
  if (last === undefined) return undefined;
  const answer = target !== undefined && seen.some(({ vantage, way }) => vantage === vantageOf(target) && way === 'out');
  return { ...placeOf(last.vantage, last.device), way: last.way, answer };
}
