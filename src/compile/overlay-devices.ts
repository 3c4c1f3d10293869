import type { Network } from '../network/network.ts';
import { deviceKey } from '../resource/resource.ts';
import { type Cable, cablesOf } from './cable.ts';
import { namespaceOf } from './placement.ts';

/** By their keys, the devices with which machines are in overlays: a tunnel, or the bridge over several. */
export function overlayDevices(network: Network): ReadonlyMap<string, Cable> {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  return new Map(
    cablesOf(network).flatMap((cable) => {
      const [end] = cable.ends;
      const device = nodes.get(end?.node ?? '')?.interfaces.find(({ segment }) => segment === end?.segment)?.device;
      return cable.kind !== 'overlay' || end === undefined || device === undefined
        ? []
        : [[deviceKey(namespaceOf(network.name, end.node), device), cable]];
    }),
  );
}
