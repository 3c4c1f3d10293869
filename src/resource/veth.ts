import type { ResourceBase } from './resource.ts';

/** A pair of virtual Ethernet devices (veth(4)), each end in a namespace of its own. */
export interface Veth extends ResourceBase {
  readonly kind: 'veth';
  /** Unique in the bottle: `web/dmz`. */
  readonly name: string;
  /** The first end is the machine's, the second the switch's or the host's. */
  readonly ends: readonly [VethEnd, VethEnd];
  /** Bytes, of both ends. */
  readonly mtu: number;
}

export interface VethEnd {
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  /** The bridge in the same namespace that this end is a port of. */
  readonly master?: string;
  /** False switches transmit checksum offload off, for peers that read raw frames (ethtool(8) -K tx off). */
  readonly checksumOffload: boolean;
}
