import { compare, type Difference, type Kind } from './kind.ts';
import { inNamespace, type ResourceBase } from './resource.ts';

/** A long-running command in a machine's namespaces, looked after by the bottle's keeper. */
export interface Process extends ResourceBase {
  readonly kind: 'process';
  /** The machine, which is its hostname too. */
  readonly machine: string;
  readonly namespace: string;
  /** Unique in the machine. */
  readonly name: string;
  /** Program and arguments; a command given as one line is `['/bin/sh', '-c', line]`. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly directory: string;
  /** Whether it is started again when it ends. */
  readonly restart: 'never' | 'on-failure' | 'always';
  /** Paths in the state directory of what it sees as /etc/hosts and /etc/resolv.conf. */
  readonly hosts: string;
  readonly resolver: string;
  /** What it sees of the state directory elsewhere, beside those. */
  readonly mounts?: readonly Mount[];
  /**
   * What a routing daemon puts into the routing table once it knows its neighbours, worked out from the cables that are there.
   * Nobody makes it so; it is for who wants to know beforehand, or whether it is so.
   */
  readonly learns?: readonly LearnedRoute[];
  /** Only of what is there: its keeper was killed, so that nobody looks after it. */
  readonly orphaned?: boolean;
}

/** Of FRR: it tells its neighbours of routes, and puts into the kernel what it hears of them. No command of a file's has a dot in its name. */
export const isRoutingDaemon = ({ name }: Pick<Process, 'name'>): boolean => name.startsWith('frr.');

/** As people know it: a routing daemon by its name. */
export const commandText = (process: Pick<Process, 'name' | 'command'>): string =>
  isRoutingDaemon(process) ? `${process.name.slice(process.name.indexOf('.') + 1)} of FRR` : process.command.join(' ');

/** A file or directory that a process sees in the place of one of the host's. */
export interface Mount {
  /** Below the state directory. A name with a slash at its end is a directory, which is made where it is absent. */
  readonly from: string;
  /** Absolute. Where the host has nothing of that name, nothing is to be seen there. */
  readonly at: string;
}

export interface LearnedRoute {
  readonly to: string;
  /** Several where they are equally good: the kernel takes one for each flow. */
  readonly hops: readonly { readonly via: string; readonly device: string }[];
}

export const processKind: Kind<Process> = {
  identity: ({ machine, name }) => `process:${machine}/${name}`,
  provides: () => [],
  requires: ({ namespace }) => inNamespace(namespace),
  // It has to be ended before its namespace goes, or the namespace would live on with it.
  goesWith: () => [],
  differences: (before, after) => [
    ...adoption(before, after),
    ...compare(before, after, {
      namespace: 'restart',
      command: 'restart',
      environment: 'restart',
      directory: 'restart',
      restart: 'restart',
      hosts: 'restart',
      resolver: 'restart',
      mounts: 'restart',
    }),
  ],
  describe: (process) => `process ${process.name} in ${process.machine}: ${commandText(process)}`,
};

/** A keeper cannot wait for a process that it did not start (wait(2)): an orphan is started anew. */
const adoption = (before: Process, after: Process): readonly Difference[] =>
  before.orphaned === true && after.orphaned !== true ? [{ field: 'keeper', before: 'killed', after: 'at work', effect: 'restart' }] : [];
