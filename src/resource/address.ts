import type { ResourceBase } from './resource.ts';

/** An address of a device (ip-address(8)). */
export interface DeviceAddress extends ResourceBase {
  readonly kind: 'address';
  readonly namespace: string;
  readonly device: string;
  /** With its prefix length: `10.1.0.10/24`. IPv6 addresses are added without duplicate address detection. */
  readonly address: string;
}
