/** What runs in machines, and the files that it sees. */
import { formatAddress } from '../address/format.ts';
import { hostsOf } from '../network/hosts.ts';
import { hash } from '../network/hash.ts';
import type { Network, Node } from '../network/network.ts';
import type { File } from '../resource/file.ts';
import type { Listener } from '../resource/listener.ts';
import type { Process } from '../resource/process.ts';
import type { HostFacts } from './host-facts.ts';
import { namespaceOf } from './placement.ts';

/** One for the whole bottle: the names are the same from everywhere. */
export const HOSTS_FILE = 'files/hosts';

export function compileServices(network: Network, host: HostFacts): readonly (File | Listener | Process)[] {
  const resolvers = new Map(network.nodes.map((node) => [resolverFile(node, host), node]));
  return [
    { kind: 'file', origin: [], path: HOSTS_FILE, content: hostsContent(network) },
    ...[...resolvers].map(([path, node]): File => ({ kind: 'file', origin: node.origin, path, content: resolverContent(node, host) })),
    ...network.nodes.flatMap((node) => listeners(network, node)),
    ...network.nodes.flatMap((node) => processes(network, node, host)),
  ];
}

function hostsContent(network: Network): string {
  const own = hostsOf(network).map(({ address, names }) => `${formatAddress(address)} ${names.join(' ')}`);
  return ['127.0.0.1 localhost', '::1 localhost ip6-localhost ip6-loopback', ...own, ''].join('\n');
}

/** Machines with the same resolver share the file (resolv.conf(5)). */
export const resolverFile = (node: Node, host: HostFacts): string => `files/resolv.${hash(resolverContent(node, host)).low.toString(16).padStart(8, '0')}`;

function resolverContent({ resolver }: Node, host: HostFacts): string {
  const servers = resolver.servers.length > 0 || !resolver.host ? resolver.servers.map(formatAddress) : host.nameServers;
  return [...(resolver.search.length === 0 ? [] : [`search ${resolver.search.join(' ')}`]), ...servers.map((server) => `nameserver ${server}`), ''].join('\n');
}

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 8000, 8080, 8800]);

function listeners(network: Network, node: Node): readonly Listener[] {
  const found: Listener[] = [];
  for (const { protocol, ports } of node.listens) {
    if (protocol === 'icmp' || ports === undefined) continue;
    for (let port = ports.from; port <= ports.to; port++) {
      const responder = protocol === 'udp' ? 'echo' : HTTP_PORTS.has(port) ? 'http' : 'greeting';
      found.push({ kind: 'listener', origin: [...node.origin, 'listen'], machine: node.name, namespace: namespaceOf(network.name, node.name), protocol, port, responder });
    }
  }
  return found;
}

function processes(network: Network, node: Node, host: HostFacts): readonly Process[] {
  return node.processes.map(({ name, command, environment, directory, restart, origin }) => ({
    kind: 'process',
    origin,
    machine: node.name,
    namespace: namespaceOf(network.name, node.name),
    name,
    command,
    environment,
    directory,
    restart,
    hosts: HOSTS_FILE,
    resolver: resolverFile(node, host),
  }));
}
