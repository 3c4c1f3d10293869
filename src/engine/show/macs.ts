import { devices } from '../../backend/kernel/netlink/devices.ts';
import { neighbours } from '../../backend/kernel/netlink/neighbour.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { learnedMacs } from '../../backend/ovs/learned-macs.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Context } from '../context.ts';
import { EngineError } from '../error.ts';
import type { Running } from '../running.ts';
import { type Heard, heardBy } from './forwarding-table.ts';
import { type ShownSwitch, shownSwitches } from './switches.ts';
import { ownersOfMacs } from './whose.ts';

export interface ShownMac {
  /** A network with a switch, a switch or bridge of the file, or a machine with a tunnel. */
  readonly switch: string;
  /** Who or what the port leads to: a machine, `host`, another switch, a network, another endpoint's address. */
  readonly port: string;
  readonly mac: string;
  /** Whose it is, by the file: a machine's, or a switch's; absent where it is nobody's. */
  readonly owner?: string;
  readonly vlan?: number;
  /** The network that has this VLAN there. */
  readonly network?: string;
  /** `learned` is forgotten after a while, `fixed` stays, `own` is the switch's own. */
  readonly kind: 'learned' | 'fixed' | 'own';
  /** Seconds since something was heard from it; of what was learned. */
  readonly age?: number;
  /** Seconds until it is forgotten, if nothing is heard. */
  readonly left?: number;
}

/**
 * Behind which ports the switches of a bottle, or one of them, know which MAC addresses. Of a network on switches that it
 * shares it is what they know in its VLAN.
 * @throws EngineError `no-machine`
 */
export async function showMacs({ home }: Context, { network, state }: Running, only?: string): Promise<readonly ShownMac[]> {
  const all = shownSwitches(network, state.resources);
  const shared = network.segments.find(({ name, vlan }) => name === only && vlan !== undefined)?.vlan;
  const switches = all.filter(({ name }) => only === undefined || (shared?.switches.includes(name) ?? name === only));
  if (switches.length === 0 && only !== undefined) throw unknown(network, all, only);
  const site = { home, bottle: network.name };
  const stopped = new Set(state.stopped?.map((name) => namespaceOf(network.name, name)));
  const there = switches.filter(({ namespace }) => !stopped.has(namespace));
  const linux = there.filter(({ kind }) => kind === 'linux');
  const found: Heard[] = [...new Set(linux.map(({ namespace }) => namespace))].flatMap((namespace) => {
    const own = linux.filter((one) => one.namespace === namespace);
    const [held, table] = visit(site, namespace, (socket) => [devices(socket), neighbours(socket, 'bridge')] as const);
    return heardBy(own, held, table);
  });
  for (const one of there) {
    if (one.kind !== 'ovs') continue;
    for (const { port, vlan, mac, age } of await learnedMacs(site, one.namespace, one.device))
      found.push({
        at: one,
        port: one.ports.get(port) ?? port,
        mac,
        vlan,
        ...(age === undefined ? { kind: 'fixed' } : { kind: 'learned', age, ageing: one.ageing }),
      });
  }
  const owners = new Map([...switches.flatMap(({ macs, name }) => macs.map((mac) => [mac, name] as const)), ...ownersOfMacs(network)]);
  const order = switches.map(({ name }) => name);
  return found
    .filter(({ vlan }) => shared === undefined || (vlan ?? 0) === 0 || vlan === shared.id)
    .map((heard) => shown(network, owners, heard))
    .sort(
      (one, other) =>
        order.indexOf(one.switch) - order.indexOf(other.switch) || compare(one.port, other.port) || compare(one.mac, other.mac),
    );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function shown(
  network: Network,
  owners: ReadonlyMap<string, string>,
  { at, port, mac, address, vlan = 0, kind, age, ageing }: Heard,
): ShownMac {
  const owner = owners.get(mac);
  const segment = network.segments.find((one) => one.vlan?.switches.includes(at.name) && one.vlan.id === vlan)?.name;
  return {
    switch: at.name,
    port: address ?? port,
    mac,
    ...(owner === undefined ? {} : { owner }),
    ...(vlan === 0 ? {} : { vlan }),
    ...(segment === undefined ? {} : { network: segment }),
    kind,
    ...(age === undefined ? {} : { age, ...(ageing === undefined ? {} : { left: Math.max(0, ageing - age) }) }),
  };
}

function unknown(network: Network, switches: readonly ShownSwitch[], name: string): EngineError {
  const names = switches.map((one) => one.name);
  return new EngineError('no-machine', `${network.name} has no switch ${name}`, {
    remedy:
      names.length === 0
        ? 'It has none at all.'
        : `Networks with a switch, switches, bridges, and ends of overlays: ${names.slice(0, 20).join(', ')}.`,
  });
}
