/** Whether routers have learned what they will: their routing tables against what the cables that are there lead to. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../../resource/kinds.ts';
import { isRoutingDaemon, type LearnedRoute } from '../../resource/process.ts';
import type { Context } from '../context.ts';
import { heldRoutes } from '../learned.ts';

/** Milliseconds. Neighbours find each other in a second, and who is gone is given up after four. */
const LIMIT = 60_000;
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
 * Waits until every router has learned its routes, and none that it should not; says what is wrong when that takes too long.
 * @param limit milliseconds
 */
export async function untilLearned(
  { home, signal, report }: Context,
  bottle: string,
  resources: readonly Resource[],
  limit = LIMIT,
): Promise<void> {
  let waiting = learnersIn(resources);
  const deadline = performance.now() + limit;
  for (;;) {
    const wrong = waiting
      .map((learner) => ({ learner, lacks: lacksOf(learner, heldRoutes(home, bottle, learner.namespace)) }))
      .filter(({ lacks }) => lacks.length > 0);
    waiting = wrong.map(({ learner }) => learner);
    if (waiting.length === 0) return;
    if (performance.now() > deadline) {
      for (const { learner, lacks } of wrong)
        report({ kind: 'warning', message: `${learner.machine} has not learned its routes in ${limit / 1000} s: ${firstOf(lacks)}` });
      return;
    }
    report({ kind: 'waiting', bottle, message: `${waiting.map(({ machine }) => machine).join(', ')} to learn routes` });
    await sleep(INTERVAL, undefined, { signal });
  }
}

function lacksOf({ wanted }: Learner, routes: readonly LearnedRoute[]): readonly string[] {
  const known = textsOf(wanted);
  const held = textsOf(routes);
  return [
    ...[...known].flatMap(([to, hops]) => {
      const there = held.get(to);
      if (there === hops) return [];
      return [there === undefined ? `no route to ${to}` : `${to} ${there} instead of ${hops}`];
    }),
    ...[...held].flatMap(([to, hops]) => (known.has(to) ? [] : [`${to} ${hops}, which leads nowhere`])),
  ];
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
