import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** A macvlan device in bridge mode on a device of the host (ip-link(8), "MACVLAN and MACVTAP Type Support"). */
export interface Macvlan extends ResourceBase {
  readonly kind: 'macvlan';
  readonly namespace: string;
  readonly device: string;
  /** The device on the host that it sits on. */
  readonly parent: string;
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
}

export const macvlanKind: Kind<Macvlan> = {
  identity: ({ namespace, device }) => `macvlan:${namespace}/${device}`,
  provides: ({ namespace, device }) => [deviceKey(namespace, device)],
  requires: ({ namespace }) => inNamespace(namespace),
  // The kernel ends namespaces when it finds the time; until then the MAC address on the parent would be taken.
  goesWith: () => [],
  differences: (before, after) => compare(before, after, { parent: 'replace', mac: 'live', mtu: 'live', up: 'live' }),
  describe: ({ namespace, device, parent }) => `macvlan ${device} in ${namespace} on ${parent}`,
};
