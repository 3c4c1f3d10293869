import type { Address } from '../../address/ip.ts';

/** Ethernet in packets of other networks, from each endpoint to each. */
export interface Overlay {
  readonly type: 'vxlan' | 'geneve' | 'gre';
  /** The network identifier of VXLAN (RFC 7348) and Geneve (RFC 8926), 24 bits; the key of GRE (RFC 2890), 32 bits. */
  readonly id: number;
  /** The UDP port; absent for GRE. */
  readonly port?: number;
  /** The multicast group that carries what is for all; absent where each endpoint gets it by itself. */
  readonly group?: Address;
  /** Hops of the outer packets, 1 to 255. */
  readonly ttl: number;
  readonly learning: boolean;
  readonly endpoints: readonly Endpoint[];
}

/** A node at an end of a tunnel. */
export interface Endpoint {
  readonly node: string;
  /** Its interface in the network that carries the tunnel. */
  readonly device: string;
  /** Its address there. All endpoints of an overlay have one of the same family. */
  readonly address: Address;
}
