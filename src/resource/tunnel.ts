import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** An Ethernet device that sends its frames in packets (ip-link(8): VXLAN, GENEVE, and GRETAP with its twin for IPv6). */
export interface Tunnel extends ResourceBase {
  readonly kind: 'tunnel';
  readonly namespace: string;
  readonly device: string;
  readonly type: 'vxlan' | 'geneve' | 'gre';
  /** Network identifier, or key. */
  readonly id: number;
  /** The UDP port; absent for GRE. */
  readonly port?: number;
  /** The address that it sends from. A Geneve device takes what the routes say. */
  readonly local?: string;
  /** Where all goes that the forwarding table does not know: the other end, or a multicast group. */
  readonly remote?: string;
  /** The device by which it is in the multicast group, and by which all leaves. */
  readonly parent?: string;
  /** Hops of the outer packets; 1 to 255. */
  readonly ttl: number;
  /** VXLAN: whether the forwarding table learns from what arrives. */
  readonly learning?: boolean;
  readonly mac: string;
  /** The bridge in the same namespace that it is a port of. */
  readonly master?: string;
  /** What comes in by such a port of a bridge leaves by no other such port (bridge(8), "isolated"). */
  readonly isolated?: true;
  /** Bytes of the packets inside. */
  readonly mtu: number;
  readonly checksumOffload: boolean;
  readonly up: boolean;
}

const parentKey = ({ namespace, parent }: Tunnel): readonly string[] => (parent === undefined ? [] : [deviceKey(namespace, parent)]);

const masterKey = ({ namespace, master }: Tunnel): readonly string[] => (master === undefined ? [] : [deviceKey(namespace, master)]);

export const tunnelKind: Kind<Tunnel> = {
  identity: ({ namespace, device }) => `tunnel:${namespace}/${device}`,
  provides: ({ namespace, device }) => [deviceKey(namespace, device)],
  requires: (tunnel) => [...inNamespace(tunnel.namespace), ...parentKey(tunnel), ...masterKey(tunnel)],
  goesWith: (tunnel) => [inNamespace(tunnel.namespace), ...parentKey(tunnel).map((key) => [key])],
  differences: (before, after) =>
    compare(before, after, {
      type: 'replace',
      id: 'replace',
      port: 'replace',
      local: 'replace',
      remote: 'replace',
      parent: 'replace',
      ttl: 'replace',
      learning: 'replace',
      mac: 'live',
      master: 'live',
      isolated: 'live',
      mtu: 'live',
      checksumOffload: 'live',
      up: 'live',
    }),
  describe: ({ namespace, device, type, id, remote }) =>
    `${type} ${device} in ${namespace}, id ${id}${remote === undefined ? '' : `, to ${remote}`}`,
};
