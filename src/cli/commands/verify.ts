import type { Origin } from '../../diagnostic/diagnostic.ts';
import { EngineError } from '../../engine/error.ts';
import type { MatrixQuestion } from '../../engine/prove/ask-matrix.ts';
import { prove } from '../../engine/prove/prove.ts';
import { recover } from '../../engine/recover.ts';
import { type Running, running } from '../../engine/running.ts';
import { verify as measure } from '../../engine/verify/verify.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { proofJson } from '../proof-json.ts';
import { contextFor, home } from '../session.ts';
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
  /** Which lines decide nothing, instead of the promises. */
  readonly lines?: boolean;
  /** Which ways packets and answers go that they should not, instead of the promises. */
  readonly paths?: boolean;
}

export async function verify(terminal: Terminal, target: string | undefined, options: VerifyOptions = {}): Promise<ExitCode> {
  const { matrix = false, lines = false, paths = false, by, from, to } = options;
  if (!matrix && (by ?? from ?? to) !== undefined)
    throw new EngineError('usage', '`--by`, `--from` and `--to` say which matrix is meant', { remedy: 'Say `--matrix`, too.' });
  const asked = Object.entries({ '--matrix': matrix, '--lines': lines, '--paths': paths }).flatMap(([flag, is]) => (is ? [flag] : []));
  if (asked.length > 1)
    throw new EngineError('usage', `\`${asked.join('` and `')}\` are ${asked.length} questions`, { remedy: 'Ask one.' });
  const bottle = await bottleNamed(target);
  const context = contextFor(terminal, false);
  await recover(context, bottle);
  const what = running(context.home, bottle);
  const { network, state } = what;
  if (matrix) return showMatrix(terminal, what, { by: by ?? 'networks', ...(from && { from }), ...(to && { to }) });
  if (lines) return showLines(terminal, what);
  if (paths) return showPaths(terminal, what);
  const proofs = prove(network, state.resources);
  const verdicts = await measure(context, network, { stopped: state.stopped ?? [] });
  // The file is read again only where its lines are told.
  const isLost = proofs.some(({ counterexamples }) => counterexamples.some(({ lost }) => lost !== undefined));
  const places = isLost ? await (await import('../places.ts')).placesOf(state) : undefined;
  const document = () => ({ bottle, verdicts: verdicts.map(verdictJson), proofs: proofs.map((proof) => proofJson(proof, places)) });
  if (terminal.json) terminal.out(jsonDocument('verify', document()));
  else
    terminal.out(
      verdicts.length === 0
        ? `${bottle} promises nothing: its file has no \`expect\`.`
        : verdictsText(terminal.colors, verdicts, proofs, places),
    );
  return verdicts.some(({ state: one }) => one === 'broken') || proofs.some(({ state: one }) => one === 'refuted')
    ? exitCodes.broken
    : exitCodes.ok;
}

async function showMatrix(terminal: Terminal, { network, state }: Running, question: MatrixQuestion): Promise<ExitCode> {
  const [{ askMatrix }, { followed }, { matrixText }] = await Promise.all([
    import('../../engine/prove/ask-matrix.ts'),
    import('../../engine/prove/followed.ts'),
    import('../matrix-text.ts'),
  ]);
  const found = followed(() => askMatrix(network, state.resources, question));
  terminal.out(terminal.json ? jsonDocument('matrix', { bottle: network.name, ...found }) : matrixText(terminal.colors, found));
  return exitCodes.ok;
}

async function showLines(terminal: Terminal, { network, state }: Running): Promise<ExitCode> {
  const [{ idleLinesOf }, { translatingLines }, { followed }, { idleLinesText }, { placesOf }, { desire }] = await Promise.all([
    import('../../engine/prove/idle-lines.ts'),
    import('../../engine/prove/idle-translations.ts'),
    import('../../engine/prove/followed.ts'),
    import('../idle-lines-text.ts'),
    import('../places.ts'),
    import('../../engine/desire.ts'),
  ]);
  // A line about a machine that is stopped is not in vain.
  const resources = (state.stopped ?? []).length === 0 ? state.resources : desire(home(), network);
  const idle = followed(() => idleLinesOf(network, resources));
  const { locate } = await placesOf(state);
  const placed = (line: { readonly text: string; readonly origin: Origin }) => ({ ...line, place: locate(line.origin) });
  const counts = { lines: network.policy?.lines.length ?? 0, translations: translatingLines(network).length };
  terminal.out(
    terminal.json
      ? jsonDocument('lines', {
          bottle: network.name,
          ...counts,
          idle: idle.lines.map((line) => ({ ...placed(line), by: line.by.map(placed) })),
          untranslating: idle.translations.map(placed),
        })
      : idleLinesText(terminal.colors, idle, counts, locate),
  );
  return exitCodes.ok;
}

async function showPaths(terminal: Terminal, { network, state }: Running): Promise<ExitCode> {
  const [{ pathsOf }, { followed }, { pathsText }, { pathsJson }, { placesOf }] = await Promise.all([
    import('../../engine/prove/paths.ts'),
    import('../../engine/prove/followed.ts'),
    import('../paths-text.ts'),
    import('../paths-json.ts'),
    import('../places.ts'),
  ]);
  const found = followed(() => pathsOf(network, state.resources));
  const places = await placesOf(state);
  terminal.out(
    terminal.json
      ? jsonDocument('paths', { bottle: network.name, ...pathsJson(found, places) })
      : pathsText(terminal.colors, found, places),
  );
  return exitCodes.ok;
}
