import { namespacePath } from '../backend/home.ts';
import { namespaceOf } from '../compile/placement.ts';
import type { Network } from '../network/network.ts';
import { measure } from '../observe/measure.ts';
import { questionsOf } from '../observe/questions.ts';
import { type Verdict, verdictsOf } from '../observe/verdict.ts';
import type { Context } from './context.ts';
import { untilForwarding } from './ready.ts';

/** Measures the promises of a running bottle with real packets; `stopped` are names of nodes, at which nothing can be measured. */
export async function verify(context: Context, network: Network, stopped: readonly string[] = []): Promise<readonly Verdict[]> {
  if (network.expectations.length === 0) return [];
  context.report({ kind: 'phase', phase: 'measuring', bottle: network.name });
  const absent = new Set(stopped);
  await untilForwarding(context, network, absent);
  const questions = questionsOf(network, network.expectations, { stopped: absent });
  const outcomes = await measure(questions, {
    namespacePath: (node) => namespacePath(context.home, network.name, namespaceOf(network.name, node)),
    signal: context.signal,
  });
  return verdictsOf(network, questions, outcomes);
}
