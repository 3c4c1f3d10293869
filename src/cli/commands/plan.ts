import { loadOrRecall } from '../../engine/load.ts';
import { planUp } from '../../engine/up.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { showWarnings } from '../failure.ts';
import { placesIn } from '../plan-places.ts';
import { planText } from '../plan-text.ts';
import { contextFor, home } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { fileNamed } from '../which.ts';

export async function plan(terminal: Terminal, file: string | undefined): Promise<ExitCode> {
  const loaded = await loadOrRecall(home(), fileNamed(file));
  await showWarnings(terminal, loaded);
  const planned = await planUp(contextFor(terminal, false), loaded);
  const locate = await placesIn(loaded, planned);
  if (terminal.json)
    terminal.out(
      jsonDocument('plan', {
        bottle: planned.bottle,
        unchanged: planned.unchanged,
        changes: planned.changes.map((change) => ({ ...change, place: locate(change.origin) })),
      }),
    );
  else terminal.out(planText(terminal.colors, planned, { verbose: terminal.verbose, locate }));
  return planned.changes.length === 0 ? exitCodes.ok : exitCodes.changes;
}
