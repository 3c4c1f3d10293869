import { start as startAgain, stop as takeOut } from '../../engine/stop.ts';
import type { Plan } from '../../plan/plan.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

interface StopOptions {
  readonly bottle?: string;
  readonly yes?: boolean;
}

const both =
  (kind: 'stop' | 'start', change: typeof takeOut, done: string) =>
  async (terminal: Terminal, machines: readonly string[], { bottle: target, yes = false }: StopOptions): Promise<ExitCode> => {
    const bottle = await bottleNamed(target);
    const began = performance.now();
    const plan = await change(contextFor(terminal, yes), bottle, machines);
    const seconds = (performance.now() - began) / 1000;
    if (terminal.json) terminal.out(jsonDocument(kind, { bottle, machines, seconds, changes: plan.changes }));
    else terminal.out(told(terminal, plan, machines, done, seconds));
    return exitCodes.ok;
  };

function told({ colors }: Terminal, { changes }: Plan, machines: readonly string[], done: string, seconds: number): string {
  const names = `${colors.bold(machines.join(', '))} ${machines.length === 1 ? 'is' : 'are'} ${done}`;
  return changes.length === 0
    ? `${names} already; there was nothing to do.`
    : `${names}: ${changes.length} changes in ${seconds.toFixed(2)} s.`;
}

export const stop = both('stop', takeOut, 'stopped');
export const start = both('start', startAgain, 'running');
