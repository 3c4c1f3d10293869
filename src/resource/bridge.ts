import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** A Linux bridge (ip-link(8), "BRIDGE Type Support"). */
export interface Bridge extends ResourceBase {
  readonly kind: 'bridge';
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly stp: boolean;
  /** Seconds from blocking to forwarding when `stp` is on; 2 to 30. */
  readonly forwardDelay: number;
  /** Seconds that a learned MAC address is kept. */
  readonly ageing: number;
  /** Whether ports are in VLANs, and frames of one do not leave by ports that are not in it (bridge(8), "bridge vlan"). */
  readonly vlanFiltering?: true;
  /** Only of what is there: the spanning tree protocol has cut `ageing` short for a while, and what it will be again is not known. */
  readonly topologyChanged?: true;
  readonly up: boolean;
}

export const bridgeKind: Kind<Bridge> = {
  identity: ({ namespace, device }) => `bridge:${namespace}/${device}`,
  provides: ({ namespace, device }) => [deviceKey(namespace, device)],
  requires: ({ namespace }) => inNamespace(namespace),
  goesWith: ({ namespace }) => [inNamespace(namespace)],
  differences: (before, after) =>
    compare(before, after, {
      mac: 'live',
      mtu: 'live',
      stp: 'live',
      forwardDelay: 'live',
      ...(before.topologyChanged !== true && { ageing: 'live' as const }),
      vlanFiltering: 'replace',
      up: 'live',
    }),
  describe: ({ namespace, device }) => `bridge ${device} in ${namespace}`,
};
