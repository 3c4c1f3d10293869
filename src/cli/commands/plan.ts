import { FileError, loadOrRecall, type RecalledBottle } from '../../engine/load.ts';
import { planUp } from '../../engine/up.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exposureText } from '../exposure-text.ts';
import { refusalJson, showRefusal, showWarnings } from '../failure.ts';
import { placesIn } from '../plan-places.ts';
import { planText } from '../plan-text.ts';
import { contextFor, home } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { fileNamed } from '../which.ts';

export async function plan(terminal: Terminal, file: string | undefined): Promise<ExitCode> {
  const loaded = await loadOrRecall(home(), fileNamed(file));
  await showWarnings(terminal, loaded);
  const { plan: planned, before, after, refusal } = await planUp(contextFor(terminal, false), loaded);
  const refuted = planned.changes.length === 0 ? undefined : await refutedIn(loaded);
  const refusals = [refuted, refusal].filter((one) => one !== undefined);
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
        ...(refusals.length > 0 && { refusals: refusals.map(refusalJson) }),
        changes: planned.changes.map((change) => ({ ...change, place: locate(change.origin) })),
        ...(exposure !== undefined && {
          exposure: { ...exposure, changes: exposure.changes.map((one) => ({ ...one, place: one.because && placeOf(one.because) })) },
        }),
      }),
    );
  else {
    terminal.out(planText(terminal.colors, planned, { verbose: terminal.verbose, locate }));
    if (exposure !== undefined) terminal.out(exposureText(terminal.colors, exposure, placeOf));
    for (const one of refusals) showRefusal(terminal, one);
  }
  return planned.changes.length === 0 ? exitCodes.ok : exitCodes.changes;
}

/** What `up` would say of promises that do not hold. Who promises nothing does not wait until the proof is loaded. */
async function refutedIn(loaded: RecalledBottle): Promise<FileError | undefined> {
  if (loaded.network.expectations.length === 0) return undefined;
  const { provePromises } = await import('../../engine/prove/promises.ts');
  try {
    await provePromises(home(), loaded);
    return undefined;
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}
