import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/**
 * An intermediate functional block: a device through which all that another one receives goes first (tc-mirred(8)). Where a cable has a
 * far end to queue packets at, what has no cable has this.
 */
export interface Ifb extends ResourceBase {
  readonly kind: 'ifb';
  readonly namespace: string;
  readonly device: string;
  /** The device in the same namespace whose packets it gets; empty where it gets none. */
  readonly of: string;
  /** The kernel does not take another one later. */
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
}

export const ifbKind: Kind<Ifb> = {
  identity: ({ namespace, device }) => `ifb:${namespace}/${device}`,
  provides: ({ namespace, device }) => [deviceKey(namespace, device)],
  requires: ({ namespace, of }) => [...inNamespace(namespace), ...(of === '' ? [] : [deviceKey(namespace, of)])],
  goesWith: ({ namespace }) => [inNamespace(namespace)],
  differences: (before, after) => compare(before, after, { of: 'live', mac: 'replace', mtu: 'live', up: 'live' }),
  describe: ({ namespace, device, of }) => `ifb ${device} in ${namespace} for what ${of} receives`,
  endsUnnoticed: true,
};
