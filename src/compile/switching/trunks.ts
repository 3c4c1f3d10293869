/** Trunks: cables between switches that the file names, or tunnels. */
import { formatAddress } from '../../address/format.ts';
import type { Network } from '../../network/network.ts';
import type { Trunk, TrunkTunnel } from '../../network/switching/cables.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { Veth } from '../../resource/veth.ts';
import { fabricMac } from '../fabric-mac.ts';
import { switchNamespace, trunkDevice } from '../placement.ts';
import { namedSwitchDevice } from '../switch-ports.ts';
import type { Plain, Ports } from './plug.ts';
import { ovsVlan, vlansOf } from './vlans.ts';

/** A cable between two switches, or the two ports of a tunnel between those in two machines. */
export function trunkParts(
  network: Network,
  { ends, carries, mtu, checksumOffload, tunnel, origin }: Trunk,
  ports: Ports,
): readonly (Veth | OvsPort)[] {
  const tagged = carries.filter((one) => one.tagged).map(({ segment }) => segment);
  const vlans = vlansOf(network, carries.find((one) => !one.tagged)?.segment, tagged);
  if (tunnel !== undefined) return ([0, 1] as const).map((at) => tunnelPort(network, ends, at, tunnel, ovsVlan(vlans), origin));
  const offload = checksumOffload && !ends.some(ports.isOpen);
  const [near, far] = ends.map((here, index) => {
    const device = trunkDevice(here, ends[1 - index] ?? '');
    const plain: Plain = {
      namespace: switchNamespace(network, here),
      device,
      mac: fabricMac(network, device),
      vlans,
      checksumOffload: offload,
      up: true,
    };
    return ports.plug(here, plain, origin);
  });
  if (near === undefined || far === undefined) return [];
  const cable: Veth = { kind: 'veth', origin, name: `@trunk/${ends.join('/')}`, ends: [near.end, far.end], mtu };
  return [cable, ...near.more, ...far.more];
}

/** The port of a switch in a machine that leads to the one in another. */
function tunnelPort(
  network: Network,
  ends: Trunk['ends'],
  index: 0 | 1,
  { type, id, port, ttl, ends: places }: TrunkTunnel,
  vlan: OvsPort['vlan'],
  origin: Trunk['origin'],
): OvsPort {
  const [here, there] = index === 0 ? ends : [ends[1], ends[0]];
  const [near, far] = index === 0 ? places : [places[1], places[0]];
  return {
    kind: 'ovs-port',
    origin,
    namespace: switchNamespace(network, here),
    switch: namedSwitchDevice(here),
    name: trunkDevice(here, there),
    interface: {
      type,
      remote: formatAddress(far.address),
      local: formatAddress(near.address),
      ...(id > 0 && { key: id }),
      ...(port !== undefined && { port }),
      ttl,
    },
    vlan,
  };
}
