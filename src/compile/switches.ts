/**
 * Switches that the file names, with the VLANs on them: Linux bridges that filter, or bridges of Open vSwitch where the
 * kernel cannot or the file says so.
 */
import { formatAddress } from '../address/format.ts';
import { deviceName } from '../network/device-name.ts';
import type { Network, Node, Segment } from '../network/network.ts';
import type { Trunk, TrunkTunnel, Wire } from '../network/switching/cables.ts';
import type { Switch } from '../network/switching/switch.ts';
import type { Bridge } from '../resource/bridge.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { OpenVSwitch } from '../resource/open-vswitch.ts';
import type { Flow, OpenFlow } from '../resource/openflow.ts';
import type { OvsMirror } from '../resource/ovs-mirror.ts';
import type { OvsPort } from '../resource/ovs-port.ts';
import type { OvsSwitch } from '../resource/ovs-switch.ts';
import type { Sysctl } from '../resource/sysctl.ts';
import type { PortVlans, Veth, VethEnd } from '../resource/veth.ts';
import type { Vlan } from '../resource/vlan.ts';
import { fabricMac } from './fabric-mac.ts';
import { compileFlows, compileMirror } from './flows.ts';
import { fabricOf, namespaceOf, portDevice, switchNamespace, trunkDevice } from './placement.ts';
import { namedSwitchDevice } from './switch-ports.ts';

type Part = Bridge | Veth | Vlan | Sysctl | OpenVSwitch | OvsSwitch | OvsPort | OvsMirror | OpenFlow;

/** The least that each takes; without the spanning tree protocol nothing waits for it. */
const LEAST_DELAY = { linux: 2, ovs: 4 } as const;

/** One end of a cable in a switch, before it is said how the switch takes it. */
interface Plain extends Omit<VethEnd, 'master' | 'vlans'> {
  readonly vlans: PortVlans;
}

/** How ends of cables become ports of the switches that the file names. */
export interface Ports {
  readonly isOpen: (name: string) => boolean;
  /** The end as the switch takes it, with what more there has to be. */
  readonly plug: (where: string, end: Plain, origin: Veth['origin']) => { readonly end: VethEnd; readonly more: readonly OvsPort[] };
}

export function portsOf(network: Network, host: HostFacts): Ports {
  const switches = new Map(network.switches.map((one) => [one.name, one]));
  const isOpen = (name: string): boolean =>
    switches.get(name)?.type === 'ovs' || (switches.get(name)?.type === 'auto' && !canBeLinux(switches.get(name), host));
  return {
    isOpen,
    plug(where, { vlans, ...end }, origin) {
      const device = namedSwitchDevice(where);
      if (!isOpen(where)) {
        const filtering = switches.get(where)?.filtering === true;
        return { end: { ...end, master: device, ...(filtering && { vlans }) }, more: [] };
      }
      const port: OvsPort = {
        kind: 'ovs-port',
        origin,
        namespace: end.namespace,
        switch: device,
        name: end.device,
        interface: { type: 'device' },
        vlan: ovsVlan(vlans),
      };
      return { end, more: [port] };
    },
  };
}

const canBeLinux = (one: Switch | undefined, host: HostFacts): boolean => one?.filtering !== true || host.vlanFiltering;

function ovsVlan({ untagged, tagged }: PortVlans): OvsPort['vlan'] {
  if (untagged === undefined) return { mode: 'trunk', trunks: tagged };
  return tagged.length === 0 ? { mode: 'access', tag: untagged } : { mode: 'native-untagged', tag: untagged, trunks: tagged };
}

/** The switches themselves, the trunks between them, and the cables of machines that carry several networks. */
export function compileSwitches(network: Network, host: HostFacts): readonly Part[] {
  if (network.switches.length === 0) return [];
  const ports = portsOf(network, host);
  const open = network.switches.filter(({ name }) => ports.isOpen(name));
  const daemons = new Map(
    open.map(({ name, origin }): [string, OpenVSwitch] => {
      const namespace = switchNamespace(network, name);
      return [namespace, { kind: 'open-vswitch', origin, namespace }];
    }),
  );
  return [
    ...daemons.values(),
    ...network.switches.map((one) => (ports.isOpen(one.name) ? openSwitch(network, one) : linuxSwitch(network, one))),
    ...open.flatMap((one) => ruledBy(network, one)),
    ...network.switches.flatMap((one) => one.mirrors.map((mirror) => compileMirror(network, one, mirror))),
    ...network.trunks.flatMap((trunk) => trunkParts(network, trunk, ports)),
    ...network.nodes.flatMap((node) => [
      ...(host.vlanDevices ? [] : node.wires.slice(0, 1).map((first) => daemonsOf(network, node, first))),
      ...node.wires.flatMap((wire) => wireParts(network, host, node, wire, ports)),
    ]),
  ];
}

function linuxSwitch(network: Network, { name, filtering, mtu, stp, forwardDelay, ageing, origin }: Switch): Bridge {
  const device = namedSwitchDevice(name);
  return {
    kind: 'bridge',
    origin,
    namespace: fabricOf(network.name),
    device,
    mac: fabricMac(network, device),
    mtu,
    stp,
    forwardDelay: Math.max(forwardDelay, LEAST_DELAY.linux),
    ageing,
    ...(filtering && { vlanFiltering: true as const }),
    up: true,
  };
}

function openSwitch(network: Network, { name, stp, forwardDelay, ageing, controllers, origin }: Switch): OvsSwitch {
  const device = namedSwitchDevice(name);
  return {
    kind: 'ovs-switch',
    origin,
    namespace: switchNamespace(network, name),
    device,
    mac: fabricMac(network, device),
    datapath: 'netdev',
    spanningTree: stp ? 'stp' : 'off',
    priority: 32768,
    forwardDelay: Math.max(forwardDelay, LEAST_DELAY.ovs),
    ageing,
    failMode: 'standalone',
    controllers,
  };
}

/** Whether frames of a VLAN lose their tag where those of others have one. */
const sendsUntagged = ({ trunks, nodes }: Network, { name }: Switch): boolean =>
  trunks.some(({ ends, carries }) => ends.includes(name) && carries.some(({ tagged }) => !tagged)) ||
  nodes.some(({ wires }) => wires.some((wire) => wire.switch === name && wire.untagged !== undefined));

/** A frame with two tags that loses the outer one is a frame of the VLAN of the inner one for whoever gets it. */
const withoutStackedTags: readonly Flow[] = ['0x8100', '0x88a8'].map((inner) => ({
  table: 0,
  priority: 65535,
  match: { dl_type: inner },
  actions: [],
}));

/** Flows where the file has some, or stacked tags have to be stopped, and nobody else tells the switch. */
function ruledBy(network: Network, one: Switch): readonly OpenFlow[] {
  const stacked = sendsUntagged(network, one);
  if (one.controllers.length > 0 || (one.flows === undefined && !stacked)) return [];
  return [compileFlows(network, one, stacked ? withoutStackedTags : [])];
}

const vlanOf = ({ segments }: Network, name: string): number => segments.find((segment) => segment.name === name)?.vlan?.id ?? 0;

const numeric = (one: number, other: number): number => one - other;

function trunkParts(network: Network, { ends, carries, mtu, checksumOffload, tunnel, origin }: Trunk, ports: Ports): readonly Part[] {
  const untagged = carries.find(({ tagged }) => !tagged);
  const vlans: PortVlans = {
    ...(untagged !== undefined && { untagged: vlanOf(network, untagged.segment) }),
    tagged: carries
      .filter(({ tagged }) => tagged)
      .map(({ segment }) => vlanOf(network, segment))
      .sort(numeric),
  };
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

/** One Open vSwitch takes all cables of a machine apart. */
const daemonsOf = (network: Network, { name }: Node, { origin }: Wire): OpenVSwitch => ({
  kind: 'open-vswitch',
  origin,
  namespace: namespaceOf(network.name, name),
});

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

/** The cable, and what gives each of its networks a device in the machine. */
function wireParts(network: Network, host: HostFacts, node: Node, wire: Wire, ports: Ports): readonly Part[] {
  const { origin, tagged, untagged, mtu } = wire;
  const namespace = namespaceOf(network.name, node.name);
  const vlans: PortVlans = {
    ...(untagged !== undefined && { untagged: vlanOf(network, untagged) }),
    tagged: tagged.map((segment) => vlanOf(network, segment)).sort(numeric),
  };
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

/** IPv6 is off on a device with a smaller MTU (RFC 8200, section 5). */
const LEAST_MTU_OF_IPV6 = 1280;

/**
 * The kernel sees what Open vSwitch takes from a device, too: to frames without a tag it would answer as well, to ARP with a second
 * MAC address. No question for an address is answered there, no source is behind it, and there is no IPv6 (ip-sysctl).
 */
export function deafened(
  { ipv6 }: HostFacts,
  { origin, mtu }: Pick<Wire, 'origin' | 'mtu'>,
  namespace: string,
  device: string,
): readonly Sysctl[] {
  const setting = (key: string, value: string): Sysctl => ({ kind: 'sysctl', origin, namespace, key, value });
  return [
    setting(`net/ipv4/conf/${device}/arp_ignore`, '8'),
    setting(`net/ipv4/conf/${device}/rp_filter`, '1'),
    ...(ipv6 && mtu >= LEAST_MTU_OF_IPV6 ? [setting(`net/ipv6/conf/${device}/disable_ipv6`, '1')] : []),
  ];
}

/** One that switches, and nothing more, in a machine. */
export const plainSwitch = (namespace: string, device: string, mac: string, origin: OvsSwitch['origin']): OvsSwitch => ({
  kind: 'ovs-switch',
  origin,
  namespace,
  device,
  mac,
  datapath: 'netdev',
  spanningTree: 'off',
  priority: 32768,
  forwardDelay: LEAST_DELAY.ovs,
  ageing: 300,
  failMode: 'standalone',
  controllers: [],
});

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

/** The VLANs of a port for one network alone, whose frames have no tag there. */
export const accessTo = ({ vlan }: Segment): PortVlans => ({ ...(vlan !== undefined && { untagged: vlan.id }), tagged: [] });
