import type { Network } from '../network/network.ts';
import { deviceKey } from '../resource/resource.ts';
import { type Cable, cablesOf } from './cable.ts';
import { namespaceOf } from './placement.ts';

/**
 * By their keys, the devices with which machines are in networks to which no cable leads: the tunnel of an overlay, or the bridge over several,
 * and what sits on an interface of the host.
 */
export function cablelessDevices(network: Network): ReadonlyMap<string, Cable> {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  return new Map(
    cablesOf(network).flatMap((cable) => {
      const [end] = cable.ends;
      const device = nodes.get(end?.node ?? '')?.interfaces.find(({ segment }) => segment === end?.segment)?.device;
      return cable.kind !== 'none' || end === undefined || device === undefined
        ? []
        : [[deviceKey(namespaceOf(network.name, end.node), device), cable]];
    }),
  );
}
