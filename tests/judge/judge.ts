import { compile } from '../../src/compile/compile.ts';
import type { Network } from '../../src/network/network.ts';
import type { Outcome } from '../../src/observe/probe/probe.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import type { Model } from '../../src/proof/path/model.ts';
import type { Trace } from '../../src/proof/path/step.ts';
import type { HostFacts } from '../../src/resource/host-facts.ts';
import { Random } from '../mutation/random.ts';
import { agrees, outcomeText, saidText } from './compare.ts';
import type { Court } from './court.ts';
import { type File, readFile } from './file.ts';
import { generate } from './generate.ts';
import { type Asked, packetsOf } from './packets.ts';
import { type Prediction, predict } from './predict.ts';
import { happened, Sets, sameWord, wordText } from './sets.ts';

export interface Disagreement {
  readonly file: File;
  /** Absent where the file could not be raised. */
  readonly asked?: Asked;
  readonly evaluator: string;
  readonly kernel: string;
  /** Absent where the sets have no word. */
  readonly sets?: string;
  readonly trace?: readonly Trace[];
}

export interface Judged {
  readonly packets: number;
  /** Packets by what became of them. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
}

/** Milliseconds; many at once, and one alone. */
const WAVE = 1300;
const ALONE = 3500;

/** Packets looked at for each that is sent. */
const CANDIDATES = 8;

/** What is asked about. */
interface Matter {
  readonly file: File;
  readonly network: Network;
  readonly model: Model;
  readonly sets: Sets;
}

function matterOf(file: File, facts: HostFacts): Matter | undefined {
  const network = readFile(file)?.network;
  if (network === undefined) return undefined;
  const model = modelOf(compile(network, facts));
  return { file, network, model, sets: new Sets(network, model) };
}

/** Raises the network of a seed and asks all three about packets. */
export async function judge(court: Court, seed: number, limit: number): Promise<Judged> {
  const random = new Random(seed);
  const matter = matterOf(generate(random, { layered: true }), court.facts);
  if (matter === undefined) throw new Error('a generated file is wrong');
  return await judgeMatter(court, matter, decisive(matter, random, limit));
}

export interface Care {
  /** Nothing is asked again. */
  readonly hasty?: boolean;
}

async function judgeMatter(court: Court, matter: Matter, packets: readonly Asked[], care: Care = {}): Promise<Judged> {
  const { file } = matter;
  try {
    return await court.raised(file, () => compareAll(court, matter, packets, care));
  } catch (error) {
    const kernel = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { packets: 0, outcomes: new Map(), disagreements: [{ file, evaluator: 'the file is right', kernel }] };
  }
}

async function compareAll(court: Court, matter: Matter, packets: readonly Asked[], { hasty = false }: Care): Promise<Judged> {
  const { file, network, model, sets } = matter;
  const asked = packets.map((one) => [one, predict(model, network.name, one)] as const).filter(([, { said }]) => said !== undefined);
  const outcomes = await court.ask(network, asked, WAVE);
  const counts = new Map<string, number>();
  const disagreements: Disagreement[] = [];
  for (const [index, [one, prediction]] of asked.entries()) {
    const { said, trace } = prediction;
    let outcome = outcomes[index];
    if (said === undefined || outcome === undefined) continue;
    counts.set(said.kind, (counts.get(said.kind) ?? 0) + 1);
    const word = sets.word(one, prediction);
    const isSo = (what: Outcome): boolean => agrees(model, one, said, what) && (word === undefined || happened(word, one, what));
    // A busy machine may have been late: what disagrees is asked again alone.
    if (!hasty && !isSo(outcome)) outcome = await alone(court, network, one, prediction);
    if (isSo(outcome) && (word === undefined || sameWord(word, one, prediction))) continue;
    const third = word === undefined ? {} : { sets: wordText(word) };
    disagreements.push({ file, asked: one, evaluator: saidText(said), kernel: outcomeText(outcome), ...third, trace });
  }
  return { packets: asked.length, outcomes: counts, disagreements };
}

async function alone(court: Court, network: Network, asked: Asked, prediction: Prediction): Promise<Outcome> {
  court.forget(network);
  const [outcome] = await court.ask(network, [[asked, prediction]], ALONE);
  return outcome ?? { kind: 'failed', message: 'not sent' };
}

/** Of packets on both sides of what the sets know, and of many at random, those that meet as many different decisions as there are. */
function decisive({ file, network, model, sets }: Matter, random: Random, limit: number): readonly Asked[] {
  const kinds = new Map<string, Asked[]>();
  for (const asked of [...sets.examples(), ...packetsOf(file, network, random, CANDIDATES * limit)]) {
    const key = decisionsOf(predict(model, network.name, asked));
    kinds.set(key, [...(kinds.get(key) ?? []), asked]);
  }
  const chosen: Asked[] = [];
  for (let round = 0; chosen.length < limit && round < CANDIDATES * limit; round += 1)
    for (const kind of kinds.values()) {
      const asked = kind[round];
      if (asked !== undefined && chosen.length < limit) chosen.push(asked);
    }
  return chosen;
}

/** What is decided about a packet and its answer, and by which lines. */
const decisionsOf = ({ said, trace }: Prediction): string =>
  [
    said?.kind,
    ...trace.flatMap(({ steps, ending }) => [
      ...steps.map((step) =>
        step.kind === 'filtered' || step.kind === 'translated'
          ? `${step.kind} ${step.at} ${step.decision?.by?.element ?? step.decision?.by?.rule.comment}`
          : step.kind,
      ),
      `${ending.kind} ${ending.at}`,
    ]),
  ].join();

/** The same question about another file: the disagreement, if there is one. */
export async function judgeAgain(court: Court, file: File, asked: Asked | undefined, care: Care = {}): Promise<Disagreement | undefined> {
  const matter = matterOf(file, court.facts);
  if (matter === undefined) return undefined;
  const { disagreements } = await judgeMatter(court, matter, asked === undefined ? [] : [asked], care);
  return disagreements.find((one) => (one.asked === undefined) === (asked === undefined));
}
