/** Cables of machines that carry several networks, with tags. */
import { deviceName } from '../../network/device-name.ts';
import type { Network, Node } from '../../network/network.ts';
import type { Wire } from '../../network/switching/cables.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { OpenVSwitch } from '../../resource/open-vswitch.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import type { PortVlans, Veth, VethEnd } from '../../resource/veth.ts';
import type { Vlan } from '../../resource/vlan.ts';
import { fabricMac } from '../fabric-mac.ts';
import { namespaceOf, portDevice, switchNamespace } from '../placement.ts';
import { deafened } from './deafened.ts';
import { plainSwitch } from './plain-switch.ts';
import { ovsVlan, type Ports, vlanOf, vlansOf } from './plugging.ts';

type Part = Veth | Vlan | Sysctl | OvsSwitch | OvsPort;

/** One Open vSwitch takes all cables of a machine apart. */
export const daemonsOf = (network: Network, { name }: Node, { origin }: Wire): OpenVSwitch => ({
  kind: 'open-vswitch',
  origin,
  namespace: namespaceOf(network.name, name),
});

/** The cable, and what gives each of its networks a device in the machine. */
export function wireParts(network: Network, host: HostFacts, node: Node, wire: Wire, ports: Ports): readonly Part[] {
  const { origin, tagged, untagged, mtu } = wire;
  const namespace = namespaceOf(network.name, node.name);
  const vlans = vlansOf(network, untagged, tagged);
  const split = !host.vlanDevices;
  const checksumOffload = wire.checksumOffload && !split && !ports.isOpen(wire.switch);
  const device = portDevice(node, { segment: wire.switch });
  const far = ports.plug(
    wire.switch,
    { namespace: switchNamespace(network, wire.switch), device, mac: fabricMac(network, device), vlans, checksumOffload, up: true },
    origin,
  );
  // Where Open vSwitch splits the cable, its end has no network itself.
  const own = split ? deviceName(`${wire.switch}.wire`, new Set(node.interfaces.map((one) => one.device))) : wire.device;
  const near: VethEnd = {
    namespace,
    device: own,
    mac: split ? fabricMac(network, `${node.name}/${own}`) : wire.mac,
    checksumOffload,
    up: true,
  };
  const cable: Veth = { kind: 'veth', origin, name: `${node.name}/${wire.switch}`, ends: [near, far.end], mtu };
  const inside = node.interfaces.filter(({ segment }) => tagged.includes(segment) || segment === untagged);
  const rest = split
    ? [...splitter(network, node, wire, own, vlans), ...deafened(host, wire, namespace, own)]
    : inside
        .filter((one) => one.tagged === true)
        .map(
          (one): Vlan => ({
            kind: 'vlan',
            origin: one.origin,
            namespace,
            device: one.device,
            parent: wire.device,
            id: vlanOf(network, one.segment),
            mac: one.mac,
            mtu: mtuOf(network, one.segment),
            up: true,
          }),
        );
  return [cable, ...far.more, ...rest];
}

const mtuOf = ({ segments }: Network, name: string): number => segments.find((segment) => segment.name === name)?.mtu ?? 1500;

/** For kernels without 802.1Q devices: a switch in the machine, that takes the cable apart into a device for each network. */
function splitter(network: Network, node: Node, { origin, switch: where }: Wire, cable: string, vlans: PortVlans): readonly Part[] {
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
