/**
 * Switches that the file names, with the VLANs on them: Linux bridges that filter, or bridges of Open vSwitch where the
 * kernel cannot or the file says so.
 */
import type { Network } from '../../network/network.ts';
import { trunkName } from '../../network/outage.ts';
import type { Switch } from '../../network/switching/switch.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { OpenVSwitch } from '../../resource/open-vswitch.ts';
import type { Flow, OpenFlow } from '../../resource/openflow.ts';
import type { OvsMirror } from '../../resource/ovs-mirror.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import type { Veth } from '../../resource/veth.ts';
import type { Vlan } from '../../resource/vlan.ts';
import { fabricMac } from '../fabric-mac.ts';
import { switchNamespace } from '../placement.ts';
import { compileFlows, compileMirror } from './flows.ts';
import { fabricBridge } from './linux-bridge.ts';
import { LEAST_FORWARD_DELAY, plainSwitch } from './plain-switch.ts';
import { portsOf } from './plugging.ts';
import { namedSwitchDevice } from './ports.ts';
import { trunkParts } from './trunks.ts';
import { daemonsOf, wireParts } from './wires.ts';

type Part = Bridge | Veth | Vlan | Sysctl | OpenVSwitch | OvsSwitch | OvsPort | OvsMirror | OpenFlow;

/**
 * The switches themselves, the trunks between them, and the cables of machines that carry several networks.
 * @param spliced names of cables to which something is done
 */
export function compileSwitches(network: Network, host: HostFacts, spliced: ReadonlySet<string>): readonly Part[] {
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
    ...network.trunks.flatMap((trunk) => trunkParts(network, host, trunk, ports, spliced.has(trunkName(trunk)))),
    ...network.nodes.flatMap((node) => [
      ...(host.vlanDevices ? [] : node.wires.slice(0, 1).map((first) => daemonsOf(network, node, first))),
      ...node.wires.flatMap((wire) => wireParts(network, host, node, wire, ports)),
    ]),
  ];
}

const linuxSwitch = (network: Network, one: Switch): Bridge =>
  fabricBridge(network, namedSwitchDevice(one.name), { ...one, ...(one.filtering && { vlanFiltering: true }) });

function openSwitch(network: Network, { name, stp, forwardDelay, ageing, controllers, origin }: Switch): OvsSwitch {
  const device = namedSwitchDevice(name);
  return {
    ...plainSwitch(switchNamespace(network, name), device, fabricMac(network, device), origin),
    spanningTree: stp ? 'stp' : 'off',
    forwardDelay: Math.max(forwardDelay, LEAST_FORWARD_DELAY),
    ageing,
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
