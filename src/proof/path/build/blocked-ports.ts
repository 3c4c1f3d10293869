/** The spanning tree of the bridges of a model: what is between them, and which ports it leaves to them. */
import type { Device, TunnelEnd } from '../model.ts';
import { spanningTree, type Tree, type TreeBridge, type TreePort } from './spanning-tree.ts';

type Devices = ReadonlyMap<string, ReadonlyMap<string, Device>>;

/** What the kernel and Open vSwitch find for veths, and Open vSwitch for its tunnels, which call themselves fast (IEEE 802.1D-1998, table 8-5), and for what says nothing. */
const CABLE = 2;
const UNKNOWN = 100;

export const nameIn = (namespace: string, device: string): string => `${namespace} ${device}`;

/** Undefined where no bridge speaks the protocol. By `nameIn`. */
export function blockedPorts(devices: Devices): Tree | undefined {
  const all = [...devices].flatMap(([namespace, own]) => [...own.values()].map((device) => ({ namespace, own, device })));
  const bridges = all.flatMap(({ namespace, device: { name, mac, tree } }): readonly TreeBridge[] =>
    tree === undefined ? [] : [{ name: nameIn(namespace, name), priority: tree.priority, mac }],
  );
  if (bridges.length === 0) return undefined;
  const ports: TreePort[] = [];
  const joined: (readonly [string, string])[] = [];
  for (const { namespace, own, device } of all) {
    const { name, master, peer, tunnel, pathCost } = device;
    const bridge = master === undefined ? undefined : own.get(master);
    const far = peer && devices.get(peer.namespace)?.get(peer.device);
    if (device.down === true || bridge?.down === true || far?.down === true) continue;
    const port = nameIn(namespace, name);
    if (peer !== undefined) joined.push([port, nameIn(peer.namespace, peer.device)]);
    if (tunnel?.local !== undefined && tunnel.remote !== undefined) joined.push([port, betweenEnds(tunnel, tunnel.local, tunnel.remote)]);
    if (bridge === undefined) continue;
    const cost = pathCost ?? (peer === undefined && tunnel?.beside !== true ? UNKNOWN : CABLE);
    if (bridge.tree !== undefined) ports.push({ name: port, bridge: nameIn(namespace, bridge.name), cost });
    else joined.push(...passedOn(namespace, bridge, device));
  }
  return spanningTree(bridges, ports, joined);
}

/** What both ends of a tunnel call it. */
const betweenEnds = ({ type, id, port }: TunnelEnd, ...ends: readonly string[]): string => [type, id, port, ...ends.toSorted()].join(' ');

/** A Linux bridge without the protocol passes its messages on like other frames without a tag; Open vSwitch drops them unless it is told not to. */
function passedOn(namespace: string, bridge: Device, { name, vlans }: Device): readonly (readonly [string, string])[] {
  if (bridge.openVSwitch === true && bridge.forwardsBpdu !== true) return [];
  const port = nameIn(namespace, name);
  if (bridge.filters !== true || bridge.forwardsBpdu === true) return [[port, nameIn(namespace, bridge.name)]];
  return vlans?.untagged === undefined ? [] : [[port, `${nameIn(namespace, bridge.name)} ${vlans.untagged}`]];
}
