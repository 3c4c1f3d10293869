/** Which namespace and device stands for what. */
import { deviceName } from '../network/device-name.ts';
import type { Interface, Network, Node, Segment } from '../network/network.ts';

/** The namespace that holds the switches of a bottle; no name of a machine gives the same. */
export const fabricOf = (bottle: string): string => bottle;

export const namespaceOf = (bottle: string, node: string): string => `${bottle}.${node}`;

/** The bridge of a segment in the fabric. Names of ports have a dot, names of segments have none. */
export const switchDevice = (segment: Segment): string => deviceName(segment.name, new Set());

/** The switch's end of the cable to an interface: `web.dmz`. */
export const portDevice = (node: Node | 'host', { segment }: Pick<Interface, 'segment'>): string =>
  deviceName(`${node === 'host' ? 'host' : node.name}.${segment}`, new Set());

/** What the cable between the switch of a segment and the host is called; no machine's is called so. */
export const hostCableName = ({ name }: Segment): string => `@host/${name}`;

/** Where a switch that the file names is. */
export function switchNamespace({ name: bottle, switches }: Network, name: string): string {
  const machine = switches.find((one) => one.name === name)?.machine;
  return machine === undefined ? fabricOf(bottle) : namespaceOf(bottle, machine);
}

/** The switch of the file that the host is plugged into, where the segment is on some: the first, unless it has an address on another. */
export const hostSwitch = ({ vlan, attachment }: Segment): string | undefined =>
  'host' in attachment ? attachment.host.switch : vlan?.switches[0];

/** The end of a trunk at a switch, called after the switch that it leads to. */
export const trunkDevice = (here: string, there: string): string => deviceName(`${here}.${there}`, new Set());

/** Whether the segment has a switch in the fabric: cables and overlays have none, and macvlan devices sit on the host's device. */
export const hasSwitch = (segment: Segment): boolean =>
  segment.kind === 'network' && segment.attachment.mode !== 'macvlan' && segment.overlay === undefined;

/** A segment and all that is plugged into it. */
export interface Plugged {
  readonly segment: Segment;
  readonly plugs: readonly Plug[];
}

export interface Plug {
  readonly node: Node;
  readonly interface: Interface;
}

export function pluggedOf(network: Network): readonly Plugged[] {
  const plugs = new Map<string, Plug[]>(network.segments.map(({ name }) => [name, []]));
  for (const node of network.nodes) {
    for (const own of node.interfaces) plugs.get(own.segment)?.push({ node, interface: own });
  }
  return network.segments.map((segment) => ({ segment, plugs: plugs.get(segment.name) ?? [] }));
}
