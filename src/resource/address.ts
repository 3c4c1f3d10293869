import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, onLinkKey, type ResourceBase } from './resource.ts';

/** An address of a device (ip-address(8)). */
export interface DeviceAddress extends ResourceBase {
  readonly kind: 'address';
  readonly namespace: string;
  readonly device: string;
  /** With its prefix length: `10.1.0.10/24`. IPv6 addresses are added without duplicate address detection. */
  readonly address: string;
  /**
   * Nothing is sent from it unless somebody asks for it. IPv6 only: of IPv4 addresses in one subnet, the kernel takes the one
   * that was there first.
   */
  readonly secondary?: boolean;
  /** When it comes up, neighbours that knew it elsewhere are told (RFC 5227, 2.3; RFC 4861, 7.2.6). */
  readonly announced?: boolean;
}

export const addressKind: Kind<DeviceAddress> = {
  identity: ({ namespace, device, address }) => `address:${namespace}/${device}/${address}`,
  provides: ({ namespace, device, address }) => [onLinkKey(namespace, device, address)],
  requires: ({ namespace, device }) => [deviceKey(namespace, device)],
  goesWith: ({ namespace, device }) => [inNamespace(namespace), [deviceKey(namespace, device)]],
  differences: (before, after) => compare(before, after, { secondary: 'live' }),
  describe: ({ namespace, device, address }) => `address ${address} on ${device} in ${namespace}`,
};
