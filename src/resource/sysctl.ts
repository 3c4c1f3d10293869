import { compare, type Kind } from './kind.ts';
import { inNamespace, type ResourceBase } from './resource.ts';

/**
 * A kernel setting of a namespace (sysctl(8)).
 *
 * On the host it may be wanted by several bottles: its old value is noted and put back by the last of them.
 */
export interface Sysctl extends ResourceBase {
  readonly kind: 'sysctl';
  readonly namespace: string;
  /** Below /proc/sys: `net/ipv4/ip_forward`. */
  readonly key: string;
  readonly value: string;
  /** A number that may also be larger, as the size of a table. */
  readonly atLeast?: boolean;
}

export const sysctlKind: Kind<Sysctl> = {
  identity: ({ namespace, key }) => `sysctl:${namespace}/${key}`,
  provides: () => [],
  requires: ({ namespace }) => inNamespace(namespace),
  goesWith: ({ namespace }) => [inNamespace(namespace)],
  differences: (before, after) =>
    after.atLeast === true && Number(before.value) >= Number(after.value) ? [] : compare(before, after, { value: 'live' }),
  describe: ({ namespace, key, value }) => `sysctl ${key.replaceAll('/', '.')} = ${value} in ${namespace}`,
};
