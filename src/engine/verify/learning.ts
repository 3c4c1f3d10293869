/** Whether routers have learned what they will: their routing tables against what the cables that are there lead to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { learnedRoutes } from '../../backend/kernel/netlink/route.ts';
import { visit } from '../../backend/kernel/visit.ts';
import type { Resource } from '../../resource/kinds.ts';
import { isRoutingDaemon, type LearnedRoute } from '../../resource/process.ts';
import type { Context } from '../context.ts';

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
    const wrong = waiting.map((learner) => ({ learner, lacks: lacksOf(learner, held(learner)) })).filter(({ lacks }) => lacks.length > 0);
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

  function held({ namespace }: Learner): ReadonlyMap<string, string> {
    return visit({ home, bottle }, namespace, (socket) => {
      const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
      return new Map(
        learnedRoutes(socket).map(({ to, hops }) => [
          to,
          hopsText(hops.map(({ via, device }) => ({ via, device: names.get(device) ?? '' }))),
        ]),
      );
    });
  }
}

function lacksOf({ wanted }: Learner, held: ReadonlyMap<string, string>): readonly string[] {
  const known = new Map(wanted.map(({ to, hops }) => [to, hopsText(hops)]));
  return [
    ...[...known].flatMap(([to, hops]) => {
      const there = held.get(to);
      if (there === hops) return [];
      return [there === undefined ? `no route to ${to}` : `${to} ${there} instead of ${hops}`];
    }),
    ...[...held].flatMap(([to, hops]) => (known.has(to) ? [] : [`${to} ${hops}, which leads nowhere`])),
  ];
}

const hopsText = (hops: readonly { readonly via?: string | undefined; readonly device: string }[]): string =>
  hops
    .map(({ via, device }) => `via ${via ?? device} dev ${device}`)
    .toSorted()
    .join(' and ');

const firstOf = (lacks: readonly string[]): string =>
  `${lacks.slice(0, 3).join('; ')}${lacks.length > 3 ? `; and ${lacks.length - 3} more` : ''}`;
