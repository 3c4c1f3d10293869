import { loadOrRecall } from '../../engine/load.ts';
import { planUp } from '../../engine/up.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exposureText } from '../exposure-text.ts';
import { showWarnings } from '../failure.ts';
import { placesIn } from '../plan-places.ts';
import { planText } from '../plan-text.ts';
import { contextFor, home } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { fileNamed } from '../which.ts';

export async function plan(terminal: Terminal, file: string | undefined): Promise<ExitCode> {
  const loaded = await loadOrRecall(home(), fileNamed(file));
  await showWarnings(terminal, loaded);
  const { plan: planned, before, after } = await planUp(contextFor(terminal, false), loaded);
  const locate = await placesIn(loaded, planned);
  const isChanged = planned.changes.length > 0 && before !== undefined;
  const exposure = isChanged ? (await import('../../engine/prove/exposure.ts')).openings(loaded.network, before, after) : undefined;
  const placeOf = (comment: string) => {
    const origin = originOf(comment, loaded.file);
    return origin && locate(origin);
  };
  if (terminal.json)
    terminal.out(
      jsonDocument('plan', {
        bottle: planned.bottle,
        unchanged: planned.unchanged,
        changes: planned.changes.map((change) => ({ ...change, place: locate(change.origin) })),
        ...(exposure !== undefined && {
          exposure: { ...exposure, changes: exposure.changes.map((one) => ({ ...one, place: one.because && placeOf(one.because) })) },
        }),
      }),
    );
  else {
    terminal.out(planText(terminal.colors, planned, { verbose: terminal.verbose, locate }));
    if (exposure !== undefined) terminal.out(exposureText(terminal.colors, exposure, placeOf));
  }
  return planned.changes.length === 0 ? exitCodes.ok : exitCodes.changes;
}
