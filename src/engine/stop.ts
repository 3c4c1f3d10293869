/** Machines that are taken out of a running bottle for a while. A stop is an `up` that leaves them out, a start one that does not. */
import type { Plan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import { exclusively } from './exclusive.ts';
import { recover } from './recover.ts';
import { nodeOf, running } from './running.ts';
import { interimOf } from './state.ts';
import { raise } from './up.ts';

/** @throws EngineError `not-running`, `no-machine`, and what `up` throws. */
export const stop = (context: Context, bottle: string, machines: readonly string[]): Promise<Plan> =>
  change(context, bottle, 'stop', machines, (stopped) => new Set([...stopped, ...machines]));

/** @throws EngineError as `stop` does. */
export const start = (context: Context, bottle: string, machines: readonly string[]): Promise<Plan> =>
  change(context, bottle, 'start', machines, (stopped) => new Set([...stopped].filter((name) => !machines.includes(name))));

async function change(
  context: Context,
  bottle: string,
  command: 'stop' | 'start',
  machines: readonly string[],
  next: (stopped: ReadonlySet<string>) => ReadonlySet<string>,
): Promise<Plan> {
  await recover(context, bottle);
  return exclusively(context.home, bottle, command, () => {
    const { state, network } = running(context.home, bottle);
    for (const machine of machines) nodeOf(network, machine);
    const stopped = next(new Set(state.stopped));
    // In the order of the file, whatever order they were stopped in.
    const names = network.nodes.map(({ name }) => name).filter((name) => stopped.has(name));
    return raise(context, { path: state.source, file: state.file, network }, { interim: { ...interimOf(state), stopped: names } });
  });
}
