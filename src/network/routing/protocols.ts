import type { Address } from '../../address/ip.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';

/** OSPF as a router speaks it: version 2 for IPv4 (RFC 2328) and 3 for IPv6 (RFC 5340), all in area 0. */
export interface Ospf {
  /** Four bytes, written as an IPv4 address. */
  readonly routerId: string;
  readonly interfaces: readonly OspfInterface[];
  /** Whether it announces a default route that it has. */
  readonly default: boolean;
  readonly origin: Origin;
}

export interface OspfInterface {
  readonly segment: string;
  readonly device: string;
  /** Of leaving by it; 1 to 65535. */
  readonly cost: number;
  /** Announced, and silent. */
  readonly passive: boolean;
  /** Exactly two speak there: nobody has to be elected to speak for all. */
  readonly pointToPoint: boolean;
}

/** BGP-4 as a router speaks it (RFC 4271; RFC 2545 for IPv6), with a session for each address family. */
export interface Bgp {
  /** Its autonomous system; 1 to 4294967294 (RFC 6793). */
  readonly as: number;
  /** Four bytes, written as an IPv4 address. */
  readonly routerId: string;
  /** Segments of its own that it tells others of. */
  readonly announces: readonly string[];
  /** Whether it announces a default route that it has. */
  readonly default: boolean;
  readonly neighbours: readonly BgpNeighbour[];
  readonly origin: Origin;
}

export interface BgpNeighbour {
  readonly node: string;
  readonly as: number;
  /** By which the two meet, as each of them has it: a bridge may join two. */
  readonly segment: string;
  readonly theirs: string;
  readonly device: string;
  /** Between which addresses they speak. */
  readonly from: Address;
  readonly address: Address;
}
