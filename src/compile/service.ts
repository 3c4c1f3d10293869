/** What runs in machines, and the files that it sees. */

import { hostsFile, hostsOf, resolverFile } from '../network/hosts.ts';
import type { Network, Node } from '../network/network.ts';
import type { File } from '../resource/file.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Listener } from '../resource/listener.ts';
import type { Process } from '../resource/process.ts';
import { namespaceOf } from './placement.ts';

/** One for the whole bottle: the names are the same from everywhere. */
export const HOSTS_FILE = 'files/hosts';

export function compileServices(network: Network, host: HostFacts): readonly (File | Listener | Process)[] {
  return [
    { kind: 'file', origin: ['name'], path: HOSTS_FILE, content: hostsFile(hostsOf(network)) },
    ...network.nodes.map(
      ({ name, origin, resolver }): File => ({
        kind: 'file',
        origin,
        path: resolverPath(name),
        content: resolverFile(resolver, host.nameServers),
      }),
    ),
    ...network.nodes.flatMap((node) => listeners(network, node)),
    ...network.nodes.flatMap((node) => processes(network, node)),
  ];
}

/**
 * What a machine sees as its resolv.conf(5). One for each machine, though many are alike: a process has the file itself
 * mounted and cannot be given another one, so that whom its machine asks has to change in place.
 */
export const resolverPath = (machine: string): string => `files/resolv.${machine}`;

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 8000, 8080, 8800]);

function listeners(network: Network, node: Node): readonly Listener[] {
  const found: Listener[] = [];
  for (const { protocol, ports } of node.listens) {
    if (protocol === 'icmp' || ports === undefined) continue;
    for (let port = ports.from; port <= ports.to; port++) {
      const responder = protocol === 'udp' ? 'echo' : HTTP_PORTS.has(port) ? 'http' : 'greeting';
      found.push({
        kind: 'listener',
        origin: [...node.origin, 'listen'],
        machine: node.name,
        namespace: namespaceOf(network.name, node.name),
        protocol,
        port,
        responder,
      });
    }
  }
  return found;
}

function processes(network: Network, node: Node): readonly Process[] {
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
    resolver: resolverPath(node.name),
  }));
}
