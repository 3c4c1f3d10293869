import type { ResourceBase } from './resource.ts';

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
}
