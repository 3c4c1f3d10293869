import { isDeepStrictEqual } from 'node:util';
import { readHostFacts } from '../backend/host/facts.ts';
import { compile } from '../compile/compile.ts';
import { disrupts, type Plan } from '../plan/plan.ts';
import { identityOf, type Resource } from '../resource/kinds.ts';
import { carryOut, checkNames, planFor } from './change.ts';
import type { Context } from './context.ts';
import { EngineError } from './error.ts';
import { exclusively } from './exclusive.ts';
import { leaveNothing } from './leave-nothing.ts';
import type { LoadedBottle } from './load.ts';
import { preflight } from './preflight.ts';
import { endJournal, readJournal, readState, writeState } from './state.ts';
import { stateTrouble } from './state-trouble.ts';

/** What would change, without changing it. */
export async function planUp(context: Context, loaded: LoadedBottle): Promise<Plan> {
  try {
    const desired = desire(context, loaded);
    const { plan, observed } = await planFor(context, loaded.network.name, desired, readState(context.home, loaded.network.name));
    checkNames(plan, observed.taken);
    return plan;
  } catch (error) {
    throw stateTrouble(context.home, error) ?? error;
  }
}

/** Makes the host hold what the file describes. */
export async function up(context: Context, loaded: LoadedBottle): Promise<Plan> {
  const bottle = loaded.network.name;
  return exclusively(context.home, bottle, 'up', async () => {
    const desired = desire(context, loaded);
    const journal = readJournal(context.home, bottle);
    // What a `down` had begun to remove is no state to go back to.
    const state = journal?.operation === 'down' ? undefined : readState(context.home, bottle);
    if (journal !== undefined)
      context.report({
        kind: 'note',
        message: `an earlier command on ${bottle} did not come to its end; this one goes on from what is there`,
      });
    const { plan, observed } = await planFor(context, bottle, desired, state);
    checkNames(plan, observed.taken);
    preflight(plan, observed.resources);
    if (plan.changes.some(disrupts) && !(await context.agree(plan))) throw declined(bottle);
    const note = (): void =>
      writeState(context.home, {
        bottle,
        source: loaded.path,
        file: loaded.file,
        resources: desired,
        since: state?.since ?? new Date().toISOString(),
      });
    if (plan.changes.length > 0) {
      try {
        await carryOut(context, plan, placed(observed.resources, state?.resources ?? []), note);
      } finally {
        // After a first `up` that failed and was undone, not even the directory is left.
        if (state === undefined && readJournal(context.home, bottle) === undefined) await leaveNothing(context.home, bottle);
      }
    }
    // The notes tell the same already.
    if (plan.changes.length === 0 && !(state?.source === loaded.path && isDeepStrictEqual(state.file, loaded.file))) note();
    endJournal(context.home, bottle);
    return plan;
  });
}

const isKept = ({ kind }: Resource): boolean => kind === 'process' || kind === 'listener';

/** What is there, with the places in the file that it came from: a process that an undo starts again still tells its own. */
function placed(observed: readonly Resource[], noted: readonly Resource[]): readonly Resource[] {
  const origins = new Map(noted.filter(isKept).map((resource) => [identityOf(resource), resource.origin]));
  return observed.map((resource) =>
    isKept(resource) ? { ...resource, origin: origins.get(identityOf(resource)) ?? resource.origin } : resource,
  );
}

const desire = (context: Context, { network }: LoadedBottle): readonly Resource[] => compile(network, readHostFacts(context.home));

const declined = (bottle: string): EngineError =>
  new EngineError('declined', `${bottle} was not changed`, {
    remedy: 'Answer `y`, or give `--yes`. `bottle plan` shows what would be interrupted.',
  });
