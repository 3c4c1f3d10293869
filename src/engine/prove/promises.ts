/** A file that breaks its own promises is not applied: what is said of it. */
import type { Home } from '../../backend/home.ts';
import type { Diagnostic, Related } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../../network/network.ts';
import { commentOf } from '../../proof/evaluate.ts';
import type { Resource } from '../../resource/kinds.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import { placeDiagnostics } from '../../spec/source.ts';
import { desire } from '../desire.ts';
import { nameOfNamespace } from '../explain/place-names.ts';
import { FileError, type RecalledBottle } from '../load.ts';
import { stateTrouble } from '../state-trouble.ts';
import { type Counterexample, type Proof, prove } from './prove.ts';

/** @throws FileError `promise-refuted`, of every promise that does not hold */
export async function provePromises(home: Home, loaded: RecalledBottle): Promise<readonly Proof[]> {
  const proofs = prove(loaded.network, resourcesOf(home, loaded.network));
  const refuted = refutations(loaded, proofs);
  if (refuted.length === 0) return proofs;
  const source = await loaded.source();
  throw new FileError([...loaded.warnings, ...placeDiagnostics(refuted, source)], source);
}

function resourcesOf(home: Home, network: Network): readonly Resource[] {
  try {
    return desire(home, network);
  } catch (error) {
    throw stateTrouble(home, error) ?? error;
  }
}

function refutations({ network, file }: Pick<RecalledBottle, 'network' | 'file'>, proofs: readonly Proof[]): readonly Diagnostic[] {
  return proofs.flatMap(({ expectation, counterexamples }) =>
    counterexamples.map((example): Diagnostic => {
      const { from, to, exchange, why } = example;
      const ends = `${from} -> ${to} ${exchange}`;
      return {
        code: 'promise-refuted',
        severity: 'error',
        origin: expectation.origin,
        message: example.kind === 'extra' ? `${ends} works, and is not promised` : `${ends} is promised, and does not work: ${why}`,
        related: deciding(network, file, example),
        remedy: `${example.kind === 'extra' ? 'Do not allow it, or promise it.' : 'Let it pass, or take the promise back.'} \`bottle explain\` shows all of its way; \`bottle up --no-prove\` applies the file as it is.`,
      };
    }),
  );
}

/** The lines that let it pass, or that stop it. */
function deciding(network: Network, file: unknown, { kind, there, back }: Counterexample): readonly Related[] {
  const trace = there.ending.kind === 'delivered' && back !== undefined && kind === 'missing' ? back : there;
  const said = new Map<string, Related>();
  for (const step of trace.steps) {
    if (step.kind !== 'filtered' && step.kind !== 'translated' && step.kind !== 'matched') continue;
    const { decision } = step;
    const comment = decision && commentOf(decision);
    if (decision === undefined || comment === undefined) continue;
    const stops = decision.verdict !== 'accept';
    if (stops !== (kind === 'missing')) continue;
    const origin = originOf(comment, file);
    const at = nameOfNamespace(network, step.at);
    if (origin !== undefined && origin.length > 1)
      said.set(comment, { message: `${stops ? 'stopped by' : 'let pass by'} this, at ${at}`, origin, at: 'key' });
  }
  return [...said.values()];
}
