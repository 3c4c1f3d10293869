import { compare, type Kind } from './kind.ts';
import { inNamespace, type ResourceBase } from './resource.ts';

/** A built-in responder of a machine that `listen:`s before its software exists. */
export interface Listener extends ResourceBase {
  readonly kind: 'listener';
  readonly machine: string;
  readonly namespace: string;
  readonly protocol: 'tcp' | 'udp';
  /** 1 to 65535. */
  readonly port: number;
  /** What it says: an HTTP page, a greeting line, or what it was sent. */
  readonly responder: 'http' | 'greeting' | 'echo';
}

export const listenerKind: Kind<Listener> = {
  identity: ({ machine, protocol, port }) => `listener:${machine}/${protocol}/${port}`,
  provides: () => [],
  requires: ({ namespace }) => inNamespace(namespace),
  goesWith: () => [],
  differences: (before, after) => compare(before, after, { namespace: 'restart', responder: 'restart' }),
  describe: ({ machine, protocol, port }) => `responder on ${protocol}/${port} in ${machine}`,
};
