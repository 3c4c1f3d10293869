/** Cables of several networks, where the kernel cannot take them apart. */
import { deviceName } from '../../network/device-name.ts';
import type { Network, Node } from '../../network/network.ts';
import type { Wire } from '../../network/switching/cables.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import type { PortVlans } from '../../resource/veth.ts';
import { fabricMac } from '../fabric-mac.ts';
import { namespaceOf } from '../placement.ts';
import { plainSwitch } from './bridges.ts';
import { ovsVlan, vlanOf } from './vlans.ts';

/** For kernels without 802.1Q devices: a switch in the machine, that takes the cable apart into a device for each network. */
export function splitter(
  network: Network,
  node: Node,
  { origin, switch: where }: Wire,
  cable: string,
  vlans: PortVlans,
): readonly (OvsSwitch | OvsPort)[] {
  const namespace = namespaceOf(network.name, node.name);
  const taken = new Set([...node.interfaces.map((one) => one.device), cable]);
  const device = deviceName(`${where}.split`, taken);
  const port = (name: string, kind: OvsPort['interface'], vlan: OvsPort['vlan']): OvsPort => ({
    kind: 'ovs-port',
    origin,
    namespace,
    switch: device,
    name,
    interface: kind,
    vlan,
  });
  const own = node.interfaces.filter(
    ({ segment, switch: at }) => at === where && [vlans.untagged, ...vlans.tagged].includes(vlanOf(network, segment)),
  );
  return [
    plainSwitch(namespace, device, fabricMac(network, `${node.name}/${device}`), origin),
    port(cable, { type: 'device' }, ovsVlan(vlans)),
    ...own.map((one) => port(one.device, { type: 'internal', mac: one.mac }, { mode: 'access', tag: vlanOf(network, one.segment) })),
  ];
}
