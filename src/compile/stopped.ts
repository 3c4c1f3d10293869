/**
 * What is left of a network while some of its machines are stopped.
 *
 * Everything is decided, compiled even, as if they ran: whoever runs on keeps addresses, routes, policy and the port of the
 * switch that it is plugged into. Only then what cannot be without a machine that is stopped is left out.
 */
import type { Network } from '../network/network.ts';
import { kindOf, type Resource } from '../resource/kinds.ts';
import { namespaceKey } from '../resource/resource.ts';
import { namespaceOf } from './placement.ts';

/** Without the forwards that lead to what is stopped: no port is open for nobody. */
export const withoutForwardsTo = (stopped: ReadonlySet<string>, network: Network): Network => ({
  ...network,
  forwards: network.forwards.filter(({ to }) => !stopped.has(to.node)),
});

/** Without the namespaces of what is stopped, and all that cannot be without them: the other end of a cable, and the routes over it. */
export function withoutNodes(stopped: ReadonlySet<string>, bottle: string, resources: readonly Resource[]): readonly Resource[] {
  const gone = new Set([...stopped].map((node) => namespaceKey(namespaceOf(bottle, node))));
  const needs = (resource: Resource): boolean => {
    const { provides, requires } = kindOf(resource);
    return [...provides(resource), ...requires(resource)].some((key) => gone.has(key));
  };
  let left = resources;
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const resource of left) if (needs(resource)) for (const key of kindOf(resource).provides(resource)) gone.add(key);
    left = left.filter((resource) => !needs(resource));
  }
  return left;
}
