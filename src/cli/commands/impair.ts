import { EngineError } from '../../engine/error.ts';
import { impair as change, type Done, impairmentIn, plug } from '../../engine/impair.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

interface Options {
  readonly bottle?: string;
  readonly yes?: boolean;
}

export async function impair(terminal: Terminal, target: string, words: readonly string[], options: Options): Promise<ExitCode> {
  const impairment = impairmentIn(words);
  return tell(terminal, 'impair', words.join(' '), options, (context, bottle) => change(context, bottle, target, impairment));
}

export async function link(terminal: Terminal, target: string, state: string, options: Options): Promise<ExitCode> {
  if (state !== 'up' && state !== 'down')
    throw new EngineError('usage', `a cable is up or down, not ${state}`, { remedy: 'Write `bottle link web/dmz down`.' });
  return tell(terminal, 'link', state, options, (context, bottle) => plug(context, bottle, target, state === 'up'));
}

async function tell(
  terminal: Terminal,
  kind: 'impair' | 'link',
  what: string,
  { bottle: named, yes = false }: Options,
  act: (context: ReturnType<typeof contextFor>, bottle: string) => Promise<Done>,
): Promise<ExitCode> {
  const bottle = await bottleNamed(named);
  const began = performance.now();
  const { plan, cables } = await act(contextFor(terminal, yes), bottle);
  const seconds = (performance.now() - began) / 1000;
  if (terminal.json) terminal.out(jsonDocument(kind, { bottle, cables, seconds, changes: plan.changes }));
  else {
    const names = cables.length > 6 ? `${cables.length} cables` : cables.join(', ');
    const how = plan.changes.length === 0 ? 'already; there was nothing to do' : `${seconds.toFixed(2)} s`;
    terminal.out(`${terminal.colors.bold(names)}: ${what}, ${how}. \`bottle up\` puts back what the file says.`);
  }
  return exitCodes.ok;
}
