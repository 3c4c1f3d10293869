import { readFiles } from './files.ts';
import { readFirewall } from './firewall.ts';
import { readMounts, readNamespaces } from './mounts.ts';
import { readAddresses, readLinks, readQueues, readRoutes, readRules } from './network.ts';
import { readProcesses } from './processes.ts';
import { readSysctls } from './sysctls.ts';

/** What is known of one thing, by the name of the fact. */
export type Item = Readonly<Record<string, string>>;

/** Things of one sort, by what tells them apart. */
export type Items = Readonly<Record<string, Item>>;

/** Everything of a host that a bottle must leave as it found it. */
export interface HostState {
  readonly links: Items;
  readonly addresses: Items;
  readonly routes: Items;
  readonly rules: Items;
  readonly queues: Items;
  readonly firewall: Items;
  readonly sysctls: Items;
  readonly namespaces: Items;
  readonly mounts: Items;
  readonly processes: Items;
  readonly files: Items;
}

/**
 * `all` where nobody else is at work (see `privateHost`); `ours` on a machine that others use at the same time: of processes,
 * namespaces and files only those that bear the name of Netbottle, because all others come and go by themselves.
 */
export type Extent = 'all' | 'ours';

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
