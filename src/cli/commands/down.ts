import { down as remove } from '../../engine/down.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

export async function down(terminal: Terminal, target: string | undefined, { yes = false }: { readonly yes?: boolean }): Promise<ExitCode> {
  const bottle = await bottleNamed(target, { isExact: true });
  const started = performance.now();
  const plan = await remove(contextFor(terminal, yes), bottle);
  const seconds = (performance.now() - started) / 1000;
  if (terminal.json) terminal.out(jsonDocument('down', { bottle, seconds, removed: plan?.changes.length ?? 0 }));
  else
    terminal.out(
      plan === undefined
        ? `${bottle} is not running; there is nothing to remove.`
        : `${terminal.colors.bold(bottle)} is gone: ${plan.changes.length} things removed in ${seconds.toFixed(2)} s.`,
    );
  return exitCodes.ok;
}
