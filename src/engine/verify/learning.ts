/** Whether routers have learned what they will: their routing tables against what the cables that are there lead to. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../../resource/kinds.ts';
import { isRoutingDaemon, type LearnedRoute } from '../../resource/process.ts';
import type { Context } from '../context.ts';
import { heldRoutes } from '../learned.ts';

/** Milliseconds. Neighbours find each other in a second, and who is gone is given up after four. */
const LIMIT = 60_000;
/**
 * Milliseconds for routes beyond what is expected, once nothing is missing. FRR may keep some that nobody announces any more (ospf6d those to a link that has no
 * carrier), so that waiting until they are gone may be in vain.
 */
const STALE_LIMIT = 5000;
const INTERVAL = 200;

interface Learner {
  readonly machine: string;
  readonly namespace: string;
  readonly wanted: readonly LearnedRoute[];
}

/** By router, what its daemons for both address families put into one table. */
function learnersIn(resources: readonly Resource[]): readonly Learner[] {
  const learners = new Map<string, Learner>();
  for (const resource of resources) {
    if (resource.kind !== 'process' || !isRoutingDaemon(resource)) continue;
    const { machine, namespace, learns = [] } = resource;
    learners.set(machine, { machine, namespace, wanted: [...(learners.get(machine)?.wanted ?? []), ...learns] });
  }
  return [...learners.values()];
}

/**
 * Waits until every router has learned its routes; says what is wrong when that takes too long. For routes that it should no longer
 * have it waits shortly.
 * @param limit milliseconds
 */
export async function untilLearned(
  { home, signal, report }: Context,
  bottle: string,
  resources: readonly Resource[],
  limit = LIMIT,
): Promise<void> {
  const learners = learnersIn(resources);
  const begin = performance.now();
  let lastLacking = begin;
  for (;;) {
    const wrong = learners
      .map(({ wanted, machine, namespace }) => ({ machine, ...comparedRoutes(wanted, heldRoutes(home, bottle, namespace)) }))
      .filter(({ lacks, stale }) => lacks.length + stale.length > 0);
    if (wrong.length === 0) return;
    const now = performance.now();
    if (wrong.some(({ lacks }) => lacks.length > 0)) lastLacking = now;
    if (now - begin > limit || now - lastLacking > STALE_LIMIT) {
      for (const { machine, lacks, stale } of wrong) {
        if (lacks.length > 0)
          report({ kind: 'warning', message: `${machine} has not learned its routes in ${limit / 1000} s: ${firstOf(lacks)}` });
        if (stale.length > 0)
          report({ kind: 'warning', message: `${machine} still has routes that nobody announces any more: ${firstOf(stale)}` });
      }
      return;
    }
    report({ kind: 'waiting', bottle, message: `${wrong.map(({ machine }) => machine).join(', ')} to learn routes` });
    await sleep(INTERVAL, undefined, { signal });
  }
}

/** What a router lacks or has otherwise than it will, and what it has beyond that. */
function comparedRoutes(
  wanted: readonly LearnedRoute[],
  routes: readonly LearnedRoute[],
): { readonly lacks: readonly string[]; readonly stale: readonly string[] } {
  const known = textsOf(wanted);
  const held = textsOf(routes);
  return {
    lacks: [...known].flatMap(([to, hops]) => {
      const there = held.get(to);
      if (there === hops) return [];
      return [there === undefined ? `no route to ${to}` : `${to} ${there} instead of ${hops}`];
    }),
    stale: [...held].flatMap(([to, hops]) => (known.has(to) ? [] : [`${to} ${hops}`])),
  };
}

const textsOf = (routes: readonly LearnedRoute[]): ReadonlyMap<string, string> =>
  new Map(routes.map(({ to, hops }) => [to, hopsText(hops)]));

const hopsText = (hops: LearnedRoute['hops']): string =>
  hops
    .map(({ via, device }) => `via ${via} dev ${device}`)
    .toSorted()
    .join(' and ');

const firstOf = (lacks: readonly string[]): string =>
  `${lacks.slice(0, 3).join('; ')}${lacks.length > 3 ? `; and ${lacks.length - 3} more` : ''}`;
