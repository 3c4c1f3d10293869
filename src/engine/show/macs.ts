import { type Device, devices } from '../../backend/kernel/netlink/devices.ts';
import { type HeldNeighbour, NUD_NOARP, NUD_PERMANENT, neighbours } from '../../backend/kernel/netlink/neighbour.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { fabricOf, hasSwitch, namespaceOf, switchDevice } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Context } from '../context.ts';
import { EngineError } from '../error.ts';
import type { Running } from '../running.ts';
import { ownersOfMacs } from './whose.ts';

export interface ShownMac {
  /** A network with a switch, a bridge of the file, or a machine with a tunnel. */
  readonly switch: string;
  /** Who or what the port leads to: a machine, `host`, a network, another endpoint's address. */
  readonly port: string;
  readonly mac: string;
  /** Whose it is, by the file: a machine's, or a network's switch's; absent where it is nobody's. */
  readonly owner?: string;
  readonly vlan?: number;
  /** `learned` is forgotten after a while, `fixed` stays, `own` is the switch's own. */
  readonly kind: 'learned' | 'fixed' | 'own';
  /** Seconds since something was heard from it; of what was learned. */
  readonly age?: number;
  /** Seconds until it is forgotten, if nothing is heard. */
  readonly left?: number;
}

/** A switch in a namespace: its ports by device. */
interface Switch {
  readonly name: string;
  readonly namespace: string;
}

/**
 * Behind which ports the switches of a bottle, or one of them, know which MAC addresses.
 * @throws EngineError `no-machine`
 */
export function showMacs({ home }: Context, { network, state }: Running, only?: string): readonly ShownMac[] {
  const switches = switchesOf(network).filter(({ name }) => only === undefined || name === only);
  if (switches.length === 0 && only !== undefined) throw unknown(network, only);
  const stopped = new Set(state.stopped?.map((name) => namespaceOf(network.name, name)));
  const namespaces = new Set(switches.map(({ namespace }) => namespace).filter((namespace) => !stopped.has(namespace)));
  const ports = portsOf(network, state.resources);
  const owners = new Map([...switchMacs(network, state.resources), ...ownersOfMacs(network)]);
  const found = [...namespaces].flatMap((namespace) => {
    const [all, table] = visit(
      { home, bottle: network.name },
      namespace,
      (socket) => [devices(socket), neighbours(socket, 'bridge')] as const,
    );
    const byIndex = new Map(all.map((device) => [device.index, device]));
    return table.flatMap((entry) => shown({ namespace, network, byIndex, ports, owners }, entry));
  });
  const order = switches.map(({ name }) => name);
  return found
    .filter((one) => order.includes(one.switch))
    .sort(
      (one, other) =>
        order.indexOf(one.switch) - order.indexOf(other.switch) || compare(one.port, other.port) || compare(one.mac, other.mac),
    );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Networks, bridges, and the machines in which an overlay ends. */
function switchesOf(network: Network): readonly Switch[] {
  const fabric = fabricOf(network.name);
  const endpoints = new Set(network.segments.flatMap(({ overlay }) => overlay?.endpoints.map(({ node }) => node) ?? []));
  return [
    ...network.segments.filter(hasSwitch).map(({ name }) => ({ name, namespace: fabric })),
    ...network.nodes
      .filter(({ name, bridge }) => bridge !== undefined || endpoints.has(name))
      .map(({ name }) => ({ name, namespace: namespaceOf(network.name, name) })),
  ];
}

/** Switch and port by `NAMESPACE DEVICE`. */
function portsOf(network: Network, resources: readonly Resource[]): ReadonlyMap<string, readonly [string, string]> {
  const fabric = fabricOf(network.name);
  const found = new Map<string, readonly [string, string]>();
  for (const segment of network.segments.filter(hasSwitch)) found.set(`${fabric} ${switchDevice(segment)}`, [segment.name, 'itself']);
  for (const resource of resources) {
    if (resource.kind !== 'veth') continue;
    const [owner = '', segment = ''] = resource.name.split('/');
    for (const { namespace, device, master } of resource.ends) {
      if (namespace === fabric && master !== undefined)
        found.set(`${fabric} ${device}`, [segment, owner === '@host' ? 'host' : owner === '@trunk' ? 'trunk' : owner]);
    }
  }
  for (const { name, interfaces, bridge } of network.nodes) {
    const namespace = namespaceOf(network.name, name);
    for (const { device, segment } of interfaces) found.set(`${namespace} ${device}`, [name, segment]);
    if (bridge !== undefined) found.set(`${namespace} ${bridge.device}`, [name, 'itself']);
  }
  return found;
}

/** Switches send a little themselves, as every bridge of Linux does; their MAC addresses bear the network's name. */
function switchMacs(network: Network, resources: readonly Resource[]): readonly (readonly [string, string])[] {
  const fabric = fabricOf(network.name);
  const names = new Map(network.segments.map((segment) => [switchDevice(segment), segment.name]));
  return resources.flatMap((resource) => {
    if (resource.kind === 'bridge' && resource.namespace === fabric) return [[resource.mac, names.get(resource.device) ?? ''] as const];
    if (resource.kind !== 'veth') return [];
    const segment = resource.name.split('/')[1] ?? '';
    return resource.ends.filter(({ namespace }) => namespace === fabric).map(({ mac }) => [mac, segment] as const);
  });
}

interface Scene {
  readonly namespace: string;
  readonly network: Network;
  readonly byIndex: ReadonlyMap<number, Device>;
  readonly ports: ReadonlyMap<string, readonly [string, string]>;
  readonly owners: ReadonlyMap<string, string>;
}

function shown({ namespace, byIndex, ports, owners }: Scene, entry: HeldNeighbour): readonly ShownMac[] {
  const { device, master, mac, address, vlan, state, refreshed } = entry;
  // Each device has a list of its own besides, of what it takes in.
  if (master === 0 && address === '') return [];
  const name = byIndex.get(device)?.name ?? '';
  const [owner, port] = ports.get(`${namespace} ${name}`) ?? ports.get(`${namespace} ${byIndex.get(master)?.name}`) ?? ['', name];
  const whose = owners.get(mac);
  const ageing = byIndex.get(master)?.bridge?.ageing;
  const kind = (state & NUD_PERMANENT) !== 0 ? (address === '' ? 'own' : 'fixed') : (state & NUD_NOARP) !== 0 ? 'fixed' : 'learned';
  return [
    {
      switch: owner,
      port: address === '' ? port : address,
      mac,
      ...(whose === undefined ? {} : { owner: whose }),
      ...(vlan === undefined || vlan === 0 ? {} : { vlan }),
      kind,
      ...(kind !== 'learned' ? {} : { age: refreshed, ...(ageing === undefined ? {} : { left: Math.max(0, ageing - refreshed) }) }),
    },
  ];
}

function unknown(network: Network, name: string): EngineError {
  const names = switchesOf(network).map((one) => one.name);
  return new EngineError('no-machine', `${network.name} has no switch ${name}`, {
    remedy:
      names.length === 0
        ? 'It has none at all.'
        : `Networks with a switch, bridges, and ends of overlays: ${names.slice(0, 20).join(', ')}.`,
  });
}
