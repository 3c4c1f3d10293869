import type { ResourceBase } from './resource.ts';

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
}
