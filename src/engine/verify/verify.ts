import { namespacePath } from '../../backend/home.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { withLargeLosses } from '../../observe/large-losses.ts';
import { measure } from '../../observe/measure.ts';
import { questionsOf } from '../../observe/questions.ts';
import { type Verdict, verdictsOf } from '../../observe/verdict.ts';
import type { Context } from '../context.ts';
import { readState } from '../state.ts';
import { untilLearned } from './learning.ts';
import { untilListening } from './listening.ts';
import { patienceFor } from './patience.ts';
import { untilForwarding } from './ready.ts';
import { surroundingsOf } from './surroundings.ts';

/** Milliseconds until a packet of a size that is tried is lost, in which it goes four times. */
const SILENCE = 1300;

export interface VerifyOptions {
  /** Names of nodes, at which nothing can be measured. */
  readonly stopped?: readonly string[];
  /** Names of machines on which programs have just been started. */
  readonly started?: ReadonlySet<string>;
}

/** Measures the promises of a running bottle with real packets. */
export async function verify(
  context: Context,
  network: Network,
  { stopped = [], started = new Set() }: VerifyOptions = {},
): Promise<readonly Verdict[]> {
  const absent = new Set(stopped);
  const state = readState(context.home, network.name);
  await untilLearned(context, network.name, state?.resources ?? []);
  if (network.expectations.length === 0) return [];
  context.report({ kind: 'phase', phase: 'measuring', bottle: network.name });
  await untilForwarding(context, network, absent);
  const questions = questionsOf(network, network.expectations, { stopped: absent });
  const places = {
    namespacePath: (node: string) => namespacePath(context.home, network.name, namespaceOf(network.name, node)),
    signal: context.signal,
  };
  await untilListening(questions, started, places);
  const patience = patienceFor(network, state);
  const outcomes = await measure(questions, { ...places, ...patience });
  const surroundings = surroundingsOf(context.home, network, state?.resources ?? []);
  const timeout = SILENCE + (patience.delay ?? 0);
  return verdictsOf(network, questions, await withLargeLosses(questions, outcomes, surroundings, { ...places, timeout }));
}
