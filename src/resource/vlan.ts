import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** A device for the frames of one VLAN on another device (IEEE 802.1Q; ip-link(8), "VLAN Type Support"). */
export interface Vlan extends ResourceBase {
  readonly kind: 'vlan';
  readonly namespace: string;
  readonly device: string;
  /** The device in the same namespace that its frames have a tag on. */
  readonly parent: string;
  /** 1 to 4094. */
  readonly id: number;
  readonly mac: string;
  /** Bytes; no more than that of the parent. */
  readonly mtu: number;
  readonly up: boolean;
}

export const vlanKind: Kind<Vlan> = {
  identity: ({ namespace, device }) => `vlan:${namespace}/${device}`,
  provides: ({ namespace, device }) => [deviceKey(namespace, device)],
  requires: ({ namespace, parent }) => [...inNamespace(namespace), deviceKey(namespace, parent)],
  goesWith: ({ namespace, parent }) => [inNamespace(namespace), [deviceKey(namespace, parent)]],
  differences: (before, after) => compare(before, after, { parent: 'replace', id: 'replace', mac: 'live', mtu: 'live', up: 'live' }),
  describe: ({ namespace, device, parent, id }) => `vlan ${device} in ${namespace}, id ${id} on ${parent}`,
};
