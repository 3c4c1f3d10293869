/** Putting right what others changed of a running bottle, for who holds its lock. */
import { readKeeper } from '../backend/process/keeper-client.ts';
import { diff } from '../plan/diff.ts';
import type { Change, Plan } from '../plan/plan.ts';
import { identityOf, type Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import { carryOut, checkNames } from './change.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { preflight } from './preflight.ts';
import { endJournal, type State } from './state.ts';
import { placed } from './up.ts';

/** Processes, by identity, that came to their end and are not to be started again. */
export type Ended = ReadonlySet<string>;

/** What has ended and is not to be started again. Of what the keeper knows nothing, because the one before was killed, it is what was known `before`. */
export async function endedIn({ home }: Context, bottle: string, before: Ended): Promise<Ended> {
  const kept = (await readKeeper(home, bottle))?.resources ?? [];
  const known = new Map(kept.map(({ resource, state }) => [identityOf(resource), state]));
  const now = [...known].flatMap(([identity, state]) => (state === 'exited' || state === 'failed' ? [identity] : []));
  return new Set([...now, ...[...before].filter((identity) => !known.has(identity))]);
}

export interface Found {
  readonly plan: Plan;
  readonly there: readonly Resource[];
}

/** What is not as it was last applied. What `ended` by itself is no concern of ours. */
export async function findBroken(context: Context, { bottle, resources }: State, ended: Ended): Promise<Found> {
  const observed = await observe(context, bottle, resources);
  const concerns = (resource: Resource): boolean => !ended.has(identityOf(resource));
  const there = observed.resources.filter(concerns);
  const plan = diff(bottle, resources.filter(concerns), there, resources);
  checkNames(plan, observed.taken);
  return { plan, there };
}

/** @throws EngineError as `up` does; then all is as it was found. */
export async function repair(context: Context, state: State, { plan, there }: Found): Promise<void> {
  preflight(context.home, plan, there);
  await carryOut(context, plan, { before: placed(there, state.resources), after: state.resources }, () => undefined);
  endJournal(context.home, state.bottle);
}

/**
 * Of a repair that cannot be made, as when the interface that a network is joined with is gone, the rules: they keep the
 * rest safe. Undefined where there are none, or there is nothing else.
 */
export function rulesOf({ plan, there }: Found): Found | undefined {
  const places = new Set([HOST, ...there.flatMap((resource) => (resource.kind === 'namespace' ? [resource.name] : []))]);
  const changes = plan.changes.filter((change) => isRuleIn(places, change));
  return changes.length === 0 || changes.length === plan.changes.length ? undefined : { plan: { ...plan, changes }, there };
}

const isRuleIn = (places: ReadonlySet<string>, { action, after }: Change): boolean =>
  after?.kind === 'table' && (action === 'create' || action === 'update') && places.has(after.namespace);
