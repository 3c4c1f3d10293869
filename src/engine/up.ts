import { sweepTraces } from '../backend/nftables/trace-marks.ts';
import type { Network } from '../network/network.ts';
import { disrupts, type Plan } from '../plan/plan.ts';
import { identityOf, type Resource } from '../resource/kinds.ts';
import { withBareNetworks } from './bare-networks.ts';
import { carryOut, checkNames, planFor } from './change/change.ts';
import type { Context } from './context.ts';
import { desire } from './desire.ts';
import { EngineError } from './error.ts';
import { exclusively } from './exclusive.ts';
import { withLearned } from './learned.ts';
import { leaveNothing } from './leave-nothing.ts';
import type { LoadedBottle, RecalledBottle } from './load.ts';
import { foreignTroublesOf } from './preflight/foreign-filters.ts';
import { foreignSources } from './preflight/foreign-sources.ts';
import { preflight } from './preflight/preflight.ts';
import { takenPorts } from './preflight/taken-ports.ts';
import { keep } from './reading.ts';
import { endJournal, type Interim, interimOf, readJournal, readState, type State, writeState } from './state.ts';
import { stateTrouble } from './state-trouble.ts';

export interface Planned {
  readonly plan: Plan;
  /** What is there, with the routes that routers have learned; absent where the bottle is not running. */
  readonly before?: readonly Resource[];
  readonly after: readonly Resource[];
  /** Why `up` would refuse it on this host. */
  readonly refusal?: EngineError;
}

/** What would change, without changing it. */
export async function planUp(context: Context, loaded: Pick<LoadedBottle, 'network'>): Promise<Planned> {
  try {
    const desired = desire(context.home, loaded.network);
    const { name } = loaded.network;
    const state = readState(context.home, name);
    const { plan: changes, observed } = await planFor(context, name, desired, state);
    checkNames(changes, observed.taken);
    const plan = withBareNetworks(changes, loaded.network, state?.file);
    for (const message of warningsOf(loaded.network)) context.report({ kind: 'warning', message });
    const refusal = refusalOf(() => preflight(context.home, plan, observed.resources));
    const planned = { plan, after: desired, ...(refusal !== undefined && { refusal }) };
    return state === undefined ? planned : { ...planned, before: withLearned(context.home, name, observed.resources) };
  } catch (error) {
    throw stateTrouble(context.home, error) ?? error;
  }
}

function refusalOf(check: () => void): EngineError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** What on this host stands in the way of the network, or it in the way of what is there. */
const warningsOf = (network: Network): readonly string[] => [
  ...foreignTroublesOf(network).map(({ message, remedy }) => `${message}. To let it pass: ${remedy}`),
  ...takenPorts(network),
  ...foreignSources(network),
];

/** Makes the host hold what the file describes, with all of its machines. */
export const up = (context: Context, loaded: Omit<RecalledBottle, 'source'>): Promise<Plan> =>
  exclusively(context.home, loaded.network.name, 'up', async () => {
    const plan = await raise(context, loaded);
    if (loaded.reading !== undefined) keep(context.home, loaded.network.name, loaded.reading);
    return plan;
  });

/** What is wanted, save for what the file says. */
interface Wanted {
  readonly interim?: Interim;
  /** What follows from it, where that is known. */
  readonly desired?: readonly Resource[];
}

/** The same for who holds the bottle's lock. */
export async function raise(
  context: Context,
  loaded: Pick<LoadedBottle, 'path' | 'file' | 'network'>,
  { interim = {}, desired = desire(context.home, loaded.network, interim) }: Wanted = {},
): Promise<Plan> {
  const bottle = loaded.network.name;
  sweepTraces(bottle, 'killed');
  const journal = readJournal(context.home, bottle);
  // What a `down` had begun to remove is no state to go back to.
  const state = journal?.operation === 'down' ? undefined : readState(context.home, bottle);
  if (journal !== undefined)
    context.report({
      kind: 'note',
      message: `an earlier command on ${bottle} did not come to its end; this one goes on from what is there`,
    });
  const { plan: changes, observed } = await planFor(context, bottle, desired, state);
  checkNames(changes, observed.taken);
  const plan = withBareNetworks(changes, loaded.network, state?.file);
  for (const message of warningsOf(loaded.network)) context.report({ kind: 'warning', message });
  preflight(context.home, plan, observed.resources);
  if (plan.changes.some(disrupts) && !(await context.agree(plan))) throw declined(bottle);
  const note = (): void =>
    writeState(context.home, {
      bottle,
      source: loaded.path,
      file: loaded.file,
      ...interimOf(interim),
      resources: desired,
      since: state?.since ?? new Date().toISOString(),
    });
  // What a killed command has changed is not in the plan any more, but connections that it forbids may still be there.
  if (plan.changes.length > 0 || journal !== undefined) {
    try {
      await carryOut(context, plan, { before: placed(observed.resources, state?.resources ?? []), after: desired }, note);
    } finally {
      // After a first `up` that failed and was undone, not even the directory is left.
      if (state === undefined && readJournal(context.home, bottle) === undefined) await leaveNothing(context.home, bottle);
    }
  } else if (!isNoted(state, loaded, interim)) note();
  endJournal(context.home, bottle);
  return plan;
}

/** Whether the notes tell the same already, in the same order. */
const isNoted = (state: State | undefined, { path, file }: Pick<LoadedBottle, 'path' | 'file'>, interim: Interim): boolean =>
  state?.source === path && JSON.stringify([state.file, interimOf(state)]) === JSON.stringify([file, interimOf(interim)]);

const isKept = ({ kind }: Resource): boolean => kind === 'process' || kind === 'listener';

/** What is there, with the places in the file that it came from: a process that an undo starts again still tells its own. */
export function placed(observed: readonly Resource[], noted: readonly Resource[]): readonly Resource[] {
  const origins = new Map(noted.filter(isKept).map((resource) => [identityOf(resource), resource.origin]));
  return observed.map((resource) =>
    isKept(resource) ? { ...resource, origin: origins.get(identityOf(resource)) ?? resource.origin } : resource,
  );
}

const declined = (bottle: string): EngineError =>
  new EngineError('declined', `${bottle} was not changed`, {
    remedy: 'Answer `y`, or give `--yes`. `bottle plan` shows what would be interrupted.',
  });
