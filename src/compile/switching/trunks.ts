/** Trunks between the switches that the file names. */
import { formatAddress } from '../../address/format.ts';
import { deviceName } from '../../network/device-name.ts';
import type { Network } from '../../network/network.ts';
import { trunkName } from '../../network/outage.ts';
import type { Trunk, TrunkTunnel } from '../../network/switching/cables.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import { fabricMac } from '../fabric-mac.ts';
import { switchNamespace, trunkDevice } from '../placement.ts';
import { deafened } from './deafened.ts';
import { plainSwitch } from './plain-switch.ts';
import { ovsVlan, type Plain, type Ports, vlansOf } from './plugging.ts';
import { namedSwitchDevice } from './ports.ts';

type Part = Veth | OvsPort | OvsSwitch | Sysctl;

/**
 * The cable or tunnel between two switches.
 * @param isSpliced whether something is done to it
 */
export function trunkParts(network: Network, host: HostFacts, trunk: Trunk, ports: Ports, isSpliced: boolean): readonly Part[] {
  const { ends, carries, mtu, checksumOffload, tunnel, origin } = trunk;
  const vlans = vlansOf(
    network,
    carries.find(({ tagged }) => !tagged)?.segment,
    carries.flatMap(({ segment, tagged }) => (tagged ? [segment] : [])),
  );
  if (tunnel !== undefined) {
    const [near, far] = ([0, 1] as const).map((at) => tunnelPort(network, ends, at, tunnel, ovsVlan(vlans), origin));
    if (near === undefined || far === undefined) return [];
    return [far, ...(isSpliced ? splice(network, host, trunk, near) : [near])];
  }
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
  const cable: Veth = { kind: 'veth', origin, name: trunkName(trunk), ends: [near.end, far.end], mtu };
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

/**
 * A port that is a tunnel is no device, to which nothing can be done and which cannot go down. So there is a switch more, which the tunnel is
 * a port of, and a cable to it.
 */
function splice(network: Network, host: HostFacts, trunk: Trunk, tunnel: OvsPort): readonly Part[] {
  const { namespace, name, vlan } = tunnel;
  const { mtu, origin } = trunk;
  const nameOf = (what: string): string => deviceName(`${name}.${what}`, new Set());
  const all = { mode: 'trunk', trunks: [] } as const;
  const [between, inner] = [nameOf('splice'), nameOf('cable')];
  const end = (device: string): VethEnd => ({ namespace, device, mac: fabricMac(network, device), checksumOffload: false, up: true });
  const device = { type: 'device' } as const;
  return [
    { ...plainSwitch(namespace, between, fabricMac(network, between), origin), forwardsBpdu: true },
    { kind: 'veth', origin, name: trunkName(trunk), ends: [end(name), end(inner)], mtu },
    { ...tunnel, interface: device, vlan },
    { ...tunnel, switch: between, name: inner, interface: device, vlan: all },
    { ...tunnel, switch: between, name: nameOf('tunnel'), vlan: all },
    ...deafened(host, { origin, mtu }, namespace, inner),
  ];
}
