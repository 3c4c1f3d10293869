import { compare, type Kind } from './kind.ts';
import { deviceKey, HOST, inNamespace, type ResourceBase } from './resource.ts';

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

/** The device that a setting is of, where it comes and goes with that: those of the host were there before. */
export function deviceOf({ namespace, key }: Sysctl): string | undefined {
  const device = /^net\/ipv[46]\/conf\/([^/]+)\//.exec(key)?.[1];
  return namespace === HOST || device === 'all' || device === 'default' ? undefined : device;
}

const keysOf = (sysctl: Sysctl): readonly string[] => {
  const device = deviceOf(sysctl);
  return device === undefined ? [] : [deviceKey(sysctl.namespace, device)];
};

export const sysctlKind: Kind<Sysctl> = {
  identity: ({ namespace, key }) => `sysctl:${namespace}/${key}`,
  provides: () => [],
  requires: (sysctl) => [...inNamespace(sysctl.namespace), ...keysOf(sysctl)],
  goesWith: (sysctl) => [inNamespace(sysctl.namespace), ...keysOf(sysctl).map((key) => [key])],
  differences: (before, after) =>
    after.atLeast === true && Number(before.value) >= Number(after.value) ? [] : compare(before, after, { value: 'live' }),
  describe: ({ namespace, key, value }) => `sysctl ${key.replaceAll('/', '.')} = ${value} in ${namespace}`,
};
