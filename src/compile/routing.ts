/** Addresses, routes, and the settings that make a namespace a router or a mere host. */
import { formatAddress, formatPrefix } from '../address/format.ts';
import { linkLocal } from '../address/link-local.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Interface, InterfaceAddress, Network, Node } from '../network/network.ts';
import type { StaticRoute } from '../network/routing/route.ts';
import type { DeviceAddress } from '../resource/address.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import { HOST } from '../resource/resource.ts';
import type { Route } from '../resource/route.ts';
import type { Sysctl } from '../resource/sysctl.ts';
import { namespaceOf } from './placement.ts';
import { deafToRedirects } from './redirects.ts';

const ENTRIES_AT_FIRST = 1024;
/** Some 100 MB of kernel memory if it ever came to that. */
const MOST_ENTRIES = 262_144;

export function compileRouting(network: Network, host: HostFacts): readonly (DeviceAddress | Route | Sysctl)[] {
  const bridged = bridgedSegments(network);
  return [
    ...network.nodes.flatMap((node) => nodeRouting(namespaceOf(network.name, node.name), node, host, bridged)),
    ...deafToRedirects(network, host),
    ...hostRouting(network, host),
  ];
}

/** Those with neighbours that outlive the bottle: they may know its addresses as somebody else's. */
const bridgedSegments = ({ segments }: Network): ReadonlySet<string> =>
  new Set(segments.flatMap(({ name, attachment }) => (['macvlan', 'bridge', 'port'].includes(attachment.mode) ? [name] : [])));

function nodeRouting(
  namespace: string,
  node: Node,
  host: HostFacts,
  bridged: ReadonlySet<string>,
): readonly (DeviceAddress | Route | Sysctl)[] {
  const { bridge } = node;
  return [
    ...nodeSettings(namespace, node, host),
    ...(node.interfaces.some(({ segment }) => bridged.has(segment)) ? notifySettings(namespace, node, host) : []),
    ...node.interfaces.flatMap(({ device, mac, addresses, origin, segment }) =>
      addressesOf(namespace, device, mac, addresses, origin).map((one) => (bridged.has(segment) ? { ...one, announced: true } : one)),
    ),
    ...(bridge === undefined ? [] : addressesOf(namespace, bridge.device, bridge.mac, bridge.addresses, node.origin)),
    ...node.routes.map((route) => routeOf(namespace, route)),
  ];
}

/**
 * A new namespace takes its IPv4 settings from the host (net.core.devconf_inherit_init_net): on a host that forwards,
 * every machine would. The reverse path filter is off, because the way back may well be another.
 *
 * A router says of every packet why it did not pass it on: limited (icmp(7)), most of what is refused would look like lost.
 * The IPv6 mask cannot be empty; 128 is a question, and never an answer to a packet. Machines keep the kernel's limits, for
 * in a thousand namespaces reading the two would make an `up` with nothing to do a quarter slower.
 */
function nodeSettings(namespace: string, { kind, interfaces, origin }: Node, host: HostFacts): readonly Sysctl[] {
  const forwarding = kind === 'router' ? '1' : '0';
  const setting = (key: string, value: string): Sysctl => ({ kind: 'sysctl', origin, namespace, key, value });
  const six = host.ipv6 && interfaces.some(({ addresses }) => addresses.some(({ address }) => address.family === 6));
  return [
    setting('net/ipv4/conf/all/rp_filter', '0'),
    setting('net/ipv4/conf/default/rp_filter', '0'),
    setting('net/ipv4/ip_forward', forwarding),
    // Without it, the kernel takes all others away along with the first.
    ...(interfaces.some(hasFurther) ? [setting('net/ipv4/conf/all/promote_secondaries', '1')] : []),
    ...(six ? [setting('net/ipv6/conf/all/forwarding', forwarding)] : []),
    ...(kind === 'router' ? [setting('net/ipv4/icmp_ratemask', '0'), ...(six ? [setting('net/ipv6/icmp/ratemask', '128')] : [])] : []),
  ];
}

const hasFurther = ({ addresses }: Interface): boolean => addresses.filter(({ address }) => address.family === 4).length > 1;

/** With them the kernel announces addresses, also when somebody takes an interface down and up again. */
function notifySettings(namespace: string, { origin }: Node, host: HostFacts): readonly Sysctl[] {
  const on = (key: string): Sysctl => ({ kind: 'sysctl', origin, namespace, key, value: '1' });
  return [on('net/ipv4/conf/all/arp_notify'), ...(host.ipv6 ? [on('net/ipv6/conf/all/ndisc_notify')] : [])];
}

function addressesOf(
  namespace: string,
  device: string,
  mac: string,
  addresses: readonly InterfaceAddress[],
  origin: Origin,
): readonly DeviceAddress[] {
  const one = (address: string): DeviceAddress => ({ kind: 'address', origin, namespace, device, address });
  const six = addresses.some(({ address }) => address.family === 6);
  return [
    ...addresses.map(({ address, prefixLength }, index) => {
      const isFurther = addresses.findIndex((other) => other.address.family === address.family) < index;
      return { ...one(`${formatAddress(address)}/${prefixLength}`), ...(address.family === 6 && isFurther && { secondary: true }) };
    }),
    // The kernel would make the same address, but only after a second of waiting.
    ...(six ? [one(`${formatAddress(linkLocal(mac))}/64`)] : []),
  ];
}

function routeOf(namespace: string, route: StaticRoute): Route {
  const { to, origin } = route;
  const base = { kind: 'route', origin, namespace, to: formatPrefix(to) } as const;
  return route.type === 'unreachable'
    ? { ...base, type: 'unreachable' }
    : { ...base, type: 'unicast', via: formatAddress(route.via), device: route.device };
}

function hostRouting(network: Network, host: HostFacts): readonly (DeviceAddress | Route | Sysctl)[] {
  const found: (DeviceAddress | Route | Sysctl)[] = [];
  const settings = new Map<string, Sysctl>();
  const set = (key: string, value: string, origin: Origin, atLeast = false): void => {
    if (!settings.has(key)) settings.set(key, { kind: 'sysctl', origin, namespace: HOST, key, value, ...(atLeast ? { atLeast } : {}) });
  };
  for (const { attachment, origin } of network.segments) {
    if (attachment.mode !== 'host-only' && attachment.mode !== 'nat' && attachment.mode !== 'routed') continue;
    const { device, mac, addresses, routes } = attachment.host;
    found.push(...addressesOf(HOST, device, mac, addresses, origin), ...routes.map((route) => routeOf(HOST, route)));
    if (attachment.mode === 'host-only') continue;
    for (const family of new Set(addresses.map(({ address }) => address.family))) forward(family, host, origin, set);
  }
  if (host.neighbourTables) neighbourTables(network, set);
  return [...settings.values(), ...found];
}

type SetHost = (key: string, value: string, origin: Origin, atLeast?: boolean) => void;

function forward(family: 4 | 6, host: HostFacts, origin: Origin, set: SetHost): void {
  if (family === 4) {
    set('net/ipv4/ip_forward', '1', origin);
    return;
  }
  // A host that forwards ignores router advertisements unless told otherwise, and would lose its own default route.
  for (const device of host.advertised) set(`net/ipv6/conf/${device}/accept_ra`, '2', origin);
  set('net/ipv6/conf/all/forwarding', '1', origin);
}

/**
 * All namespaces share the kernel's neighbour tables. Above gc_thresh3 entries (1,024 at first) packets are dropped:
 * a hundred machines that talk to one another need ten thousand.
 */
function neighbourTables(network: Network, set: SetHost): void {
  const members = new Map<string, number>();
  for (const { segment } of network.nodes.flatMap(({ interfaces }) => interfaces)) members.set(segment, (members.get(segment) ?? 0) + 1);
  const pairs = [...members.values()].reduce((sum, count) => sum + count * (count - 1), 0);
  if (pairs <= ENTRIES_AT_FIRST / 2) return;
  const entries = Math.min(2 * pairs, MOST_ENTRIES);
  for (const family of ['ipv4', 'ipv6']) {
    for (const [level, share] of [
      [3, 1],
      [2, 0.5],
      [1, 0.25],
    ] as const)
      set(`net/${family}/neigh/default/gc_thresh${level}`, String(Math.round(entries * share)), ['name'], true);
  }
}
