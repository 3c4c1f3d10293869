import { prove } from '../../engine/prove/prove.ts';
import { recover } from '../../engine/recover.ts';
import { running } from '../../engine/running.ts';
import { verify as measure } from '../../engine/verify/verify.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { matrixText } from '../matrix-text.ts';
import { proofJson } from '../proof-json.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { verdictJson } from '../verdict-json.ts';
import { verdictsText } from '../verdict-text.ts';
import { bottleNamed } from '../which.ts';

export interface VerifyOptions {
  /** Who can send what to whom, instead of the promises. */
  readonly matrix?: boolean;
}

export async function verify(terminal: Terminal, target: string | undefined, options: VerifyOptions = {}): Promise<ExitCode> {
  const bottle = await bottleNamed(target);
  const context = contextFor(terminal, false);
  await recover(context, bottle);
  const { network, state } = running(context.home, bottle);
  if (options.matrix === true) {
    const { matrix } = await import('../../engine/prove/matrix.ts');
    const found = matrix(network, state.resources);
    terminal.out(terminal.json ? jsonDocument('matrix', { bottle, ...found }) : matrixText(terminal.colors, found));
    return exitCodes.ok;
  }
  const proofs = prove(network, state.resources);
  const verdicts = await measure(context, network, { stopped: state.stopped ?? [] });
  if (terminal.json) terminal.out(jsonDocument('verify', { bottle, verdicts: verdicts.map(verdictJson), proofs: proofs.map(proofJson) }));
  else
    terminal.out(
      verdicts.length === 0 ? `${bottle} promises nothing: its file has no \`expect\`.` : verdictsText(terminal.colors, verdicts, proofs),
    );
  return verdicts.some(({ state }) => state === 'broken') || proofs.some(({ state }) => state === 'refuted')
    ? exitCodes.broken
    : exitCodes.ok;
}
