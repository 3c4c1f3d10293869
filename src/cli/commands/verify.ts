import { EngineError } from '../../engine/error.ts';
import type { MatrixQuestion } from '../../engine/prove/ask-matrix.ts';
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
  readonly by?: MatrixQuestion['by'];
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export async function verify(terminal: Terminal, target: string | undefined, options: VerifyOptions = {}): Promise<ExitCode> {
  if (options.matrix !== true && (options.by ?? options.from ?? options.to) !== undefined)
    throw new EngineError('usage', '`--by`, `--from` and `--to` say which matrix is meant', { remedy: 'Say `--matrix`, too.' });
  const bottle = await bottleNamed(target);
  const context = contextFor(terminal, false);
  await recover(context, bottle);
  const { network, state } = running(context.home, bottle);
  if (options.matrix === true) {
    const { askMatrix } = await import('../../engine/prove/ask-matrix.ts');
    const { by = 'networks', from, to } = options;
    const { followed } = await import('../../engine/prove/followed.ts');
    const found = followed(() => askMatrix(network, state.resources, { by, ...(from && { from }), ...(to && { to }) }));
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
