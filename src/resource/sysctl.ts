import type { ResourceBase } from './resource.ts';

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
}
