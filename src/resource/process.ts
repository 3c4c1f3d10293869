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
  /** Only of what is there: its keeper was killed, so that nobody looks after it. */
  readonly orphaned?: boolean;
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
    }),
  ],
  describe: ({ machine, name, command }) => `process ${name} in ${machine}: ${command.join(' ')}`,
};

/** A keeper cannot wait for a process that it did not start (wait(2)): an orphan is started anew. */
const adoption = (before: Process, after: Process): readonly Difference[] =>
  before.orphaned === true && after.orphaned !== true ? [{ field: 'keeper', before: 'killed', after: 'at work', effect: 'restart' }] : [];
