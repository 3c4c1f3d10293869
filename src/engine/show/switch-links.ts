import { switchNamespace, trunkDevice } from '../../compile/placement.ts';
import { namedSwitchDevice } from '../../compile/switching/ports.ts';
import type { Network } from '../../network/network.ts';
import { trunkName } from '../../network/outage.ts';
import type { Resource } from '../../resource/kinds.ts';
import { linksIn, type ShownLink } from './links.ts';

/** A switch itself, and its trunks: the cables of machines are shown with these. `mtuOf` gives the MTU of a device where the switch is. */
export function switchLinks(
  network: Network,
  name: string,
  resources: readonly Resource[],
  pulled: ReadonlySet<string>,
  mtuOf: (device: string) => number,
): readonly ShownLink[] {
  const namespace = switchNamespace(network, name);
  const { link } = linksIn(resources, namespace);
  const itself = namedSwitchDevice(name);
  const own = resources.flatMap((resource): readonly ShownLink[] => {
    const isIt =
      (resource.kind === 'bridge' || resource.kind === 'ovs-switch') && resource.namespace === namespace && resource.device === itself;
    if (!isIt) return [];
    const up = resource.kind === 'bridge' ? resource.up : resource.down !== true;
    return [link(itself, '', { mac: resource.mac, up }, mtuOf(itself))];
  });
  const ends = new Map(
    resources.flatMap((resource) =>
      resource.kind !== 'veth'
        ? []
        : resource.ends.flatMap((end) => (end.namespace === namespace ? [[end.device, { end, mtu: resource.mtu }] as const] : [])),
    ),
  );
  const trunks = network.trunks.flatMap((trunk): readonly ShownLink[] => {
    const other = trunk.ends.find((end) => end !== name);
    if (other === undefined || !trunk.ends.includes(name)) return [];
    const device = trunkDevice(name, other);
    // One that is a tunnel of Open vSwitch is a port, but no device.
    const { end, mtu } = ends.get(device) ?? { end: { mac: '', up: true }, mtu: trunk.mtu };
    const shown = link(device, other, end, mtu);
    return [pulled.has(trunkName(trunk)) ? { ...shown, pulled: true } : shown];
  });
  return [...own, ...trunks];
}
