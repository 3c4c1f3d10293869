import { readFiles } from './files.ts';
import { readFirewall } from './firewall.ts';
import { readMounts, readNamespaces } from './mounts.ts';
import { readAddresses, readLinks, readQueues, readRoutes, readRules } from './network.ts';
import { readProcesses } from './processes.ts';
import type { Extent, HostState } from './snapshot.ts';
import { readSysctls } from './sysctls.ts';

/** Reads the state of the network, mount and process namespaces that this process is in. Some of it needs root. */
export function hostState(extent: Extent = 'ours'): HostState {
  return {
    links: readLinks(),
    addresses: readAddresses(),
    routes: readRoutes(),
    rules: readRules(),
    queues: readQueues(),
    firewall: readFirewall(),
    sysctls: readSysctls(),
    namespaces: readNamespaces(extent),
    mounts: readMounts(extent),
    processes: readProcesses(extent),
    files: readFiles(extent),
  };
}
