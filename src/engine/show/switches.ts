/** Everything in a bottle that remembers where MAC addresses are. */
import { fabricOf, hasSwitch, namespaceOf, switchDevice, switchNamespace } from '../../compile/placement.ts';
import { namedSwitchDevice, portsOfSwitch } from '../../compile/switching/ports.ts';
import type { Network, Node, Segment } from '../../network/network.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Veth } from '../../resource/veth.ts';

export interface ShownSwitch {
  /** A network with a switch of its own, a switch or bridge of the file, or a machine in which an overlay ends. */
  readonly name: string;
  readonly kind: 'linux' | 'ovs';
  readonly namespace: string;
  /** Of the switch; empty for ends of overlays that no bridge joins with anything. */
  readonly device: string;
  /** What each device leads to, and the switch itself. */
  readonly ports: ReadonlyMap<string, string>;
  /** MAC addresses of its own. */
  readonly macs: readonly string[];
  /** Seconds, for Open vSwitch; the kernel tells its own. */
  readonly ageing?: number;
}

/** In the order of the file: networks, switches, bridges and machines. */
export function shownSwitches(network: Network, resources: readonly Resource[]): readonly ShownSwitch[] {
  const endpoints = new Set(network.segments.flatMap(({ overlay }) => overlay?.endpoints.map(({ node }) => node) ?? []));
  const veths = resources.filter((resource) => resource.kind === 'veth');
  return [
    ...network.segments.filter((segment) => hasSwitch(segment) && segment.vlan === undefined).map((one) => ofNetwork(network, one, veths)),
    ...network.switches.map(({ name }) => named(network, name, resources)),
    ...network.nodes.filter(({ name, bridge }) => bridge !== undefined || endpoints.has(name)).map((node) => inside(network, node)),
  ].map((one) => ({ ...one, macs: macsOf(one, resources) }));
}

type Bare = Omit<ShownSwitch, 'macs'>;

function ofNetwork(network: Network, segment: Segment, veths: readonly Veth[]): Bare {
  const namespace = fabricOf(network.name);
  const device = switchDevice(segment);
  const ports = new Map([[device, 'itself']]);
  for (const { name, ends } of veths) {
    const [owner = '', where] = name.split('/');
    if (where !== segment.name) continue;
    for (const end of ends)
      if (end.namespace === namespace && end.master !== undefined)
        ports.set(end.device, owner === '@host' ? 'host' : owner === '@trunk' ? 'trunk' : owner);
  }
  return { name: segment.name, kind: 'linux', namespace, device, ports };
}

function named(network: Network, name: string, resources: readonly Resource[]): Bare {
  const namespace = switchNamespace(network, name);
  const device = namedSwitchDevice(name);
  const ports = new Map([[device, 'itself'], ...portsOfSwitch(network, name).map((port) => [port.device, port.name] as const)]);
  const open = resources.find((one) => one.kind === 'ovs-switch' && one.namespace === namespace && one.device === device);
  return open?.kind === 'ovs-switch'
    ? { name, kind: 'ovs', namespace, device, ports, ageing: open.ageing }
    : { name, kind: 'linux', namespace, device, ports };
}

function inside({ name: bottle }: Network, { name, interfaces, bridge }: Node): Bare {
  const ports = new Map(interfaces.map(({ device, segment }) => [device, segment]));
  if (bridge !== undefined) ports.set(bridge.device, 'itself');
  return { name, kind: 'linux', namespace: namespaceOf(bottle, name), device: bridge?.device ?? '', ports };
}

/** Switches send a little themselves, as every bridge of Linux does. */
function macsOf({ namespace, device, ports }: Bare, resources: readonly Resource[]): readonly string[] {
  return resources.flatMap((resource) => {
    if (resource.kind === 'bridge' || resource.kind === 'ovs-switch')
      return resource.namespace === namespace && resource.device === device ? [resource.mac] : [];
    if (resource.kind !== 'veth') return [];
    return resource.ends.filter((end) => end.namespace === namespace && ports.has(end.device)).map(({ mac }) => mac);
  });
}
