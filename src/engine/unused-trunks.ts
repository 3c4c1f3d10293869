import { switchNamespace, trunkDevice } from '../compile/placement.ts';
import type { Network } from '../network/network.ts';
import { trunkName } from '../network/outage.ts';
import { isLearning } from '../network/routing/learned-routes.ts';
import { modelOf } from '../proof/path/build/model-of.ts';
import type { Resource } from '../resource/kinds.ts';

/**
 * Trunks that the spanning tree leaves unused, where that matters to what routers learn: the protocol knows no VLANs, and routers in a network that only
 * such a trunk carries do not hear each other by it.
 */
export function unusedTrunks(network: Network, resources: readonly Resource[]): ReadonlySet<string> {
  const speaking = new Set(network.switches.flatMap(({ name, stp }) => (stp ? [name] : [])));
  const trunks = network.trunks.filter(({ ends }) => ends.some((end) => speaking.has(end)));
  if (trunks.length === 0 || !network.nodes.some(isLearning)) return new Set();
  const { stations } = modelOf(resources);
  const isBlocked = (here: string, there: string): boolean =>
    stations.get(switchNamespace(network, here))?.devices.get(trunkDevice(here, there))?.blocked === true;
  return new Set(trunks.filter(({ ends: [one, other] }) => isBlocked(one, other) || isBlocked(other, one)).map(trunkName));
}
