import { formatAddress } from '../address/format.ts';
import type { Address } from '../address/ip.ts';
import type { Network, Resolver } from './network.ts';

/** A line of /etc/hosts. */
export interface HostName {
  readonly address: Address;
  /** The full name first: `web.dmz.corp`, `web`. */
  readonly names: readonly string[];
}

/** Every node by name and by `NODE.DOMAIN`, at each of its addresses; the host as `host.DOMAIN`. */
export function hostsOf(network: Network): readonly HostName[] {
  const domains = new Map(network.segments.map(({ name, domain }) => [name, domain]));
  const nodes = network.nodes.flatMap((node) => {
    const own = node.interfaces.flatMap(({ segment, addresses }) =>
      addresses.map(({ address }) => ({ address, names: [`${node.name}.${domains.get(segment)}`, node.name] })),
    );
    if (node.bridge === undefined) return own;
    const names = [...new Set(node.interfaces.map(({ segment }) => `${node.name}.${domains.get(segment)}`)), node.name];
    return [...own, ...node.bridge.addresses.map(({ address }) => ({ address, names }))];
  });
  const host = network.segments.flatMap(({ attachment, domain }) =>
    'host' in attachment ? attachment.host.addresses.map(({ address }) => ({ address, names: [`host.${domain}`] })) : [],
  );
  return [...nodes, ...host];
}

/** The text of hosts(5): the same for every node of a bottle. */
export function hostsFile(hosts: readonly HostName[]): string {
  const lines = hosts.map(({ address, names }) => `${formatAddress(address)} ${names.join(' ')}`);
  return ['127.0.0.1 localhost', '::1 localhost ip6-localhost ip6-loopback', ...lines, ''].join('\n');
}

/**
 * The text of resolv.conf(5).
 *
 * @param hostServers whom the host asks, for resolvers that do the same
 */
export function resolverFile(resolver: Resolver, hostServers: readonly string[]): string {
  const servers = resolver.host ? hostServers : resolver.servers.map(formatAddress);
  const search = resolver.search.length === 0 ? [] : [`search ${resolver.search.join(' ')}`];
  return [...search, ...servers.map((server) => `nameserver ${server}`), ''].join('\n');
}
