import type { ResourceBase } from './resource.ts';

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
}
