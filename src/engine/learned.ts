/** The routes that routing daemons have put into the kernel. */
import type { Home } from '../backend/home.ts';
import { devices } from '../backend/kernel/netlink/devices.ts';
import { learnedRoutes } from '../backend/kernel/netlink/route.ts';
import { visit } from '../backend/kernel/visit.ts';
import type { Resource } from '../resource/kinds.ts';
import { isRoutingDaemon, type LearnedRoute } from '../resource/process.ts';

/** Those in a namespace of the bottle, the next hops of each in the order of their devices. One without a gateway has an empty `via`. */
export const heldRoutes = (home: Home, bottle: string, namespace: string): readonly LearnedRoute[] =>
  visit({ home, bottle }, namespace, (socket) => {
    const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
    return learnedRoutes(socket).map(({ to, hops }) => ({
      to,
      hops: hops
        .map(({ via, device }) => ({ via: via ?? '', device: names.get(device) ?? '' }))
        .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
    }));
  });

const keyOf = ({ via, device }: LearnedRoute['hops'][number]): string => `${device} ${via}`;

/** What is there, its routing daemons with what they have learned by now; the first of a router tells for all. */
export function withLearned(home: Home, bottle: string, resources: readonly Resource[]): readonly Resource[] {
  const unread = new Set(resources.flatMap((resource) => (resource.kind === 'namespace' ? [resource.name] : [])));
  return resources.map((resource) => {
    if (resource.kind !== 'process' || !isRoutingDaemon(resource) || !unread.delete(resource.namespace)) return resource;
    return { ...resource, learns: heldRoutes(home, bottle, resource.namespace) };
  });
}
