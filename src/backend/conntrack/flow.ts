import type { Address, Family } from '../../address/ip.ts';

/** One direction of a flow. */
export interface Tuple {
  readonly source: Address;
  readonly destination: Address;
  /** TCP, UDP and the like. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** ICMP and ICMPv6. */
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** What connection tracking knows of a flow (conntrack(8)). */
export interface Flow {
  readonly family: Family;
  /** IANA protocol number. */
  readonly protocol: number;
  /** As its first packet was before anything was translated. */
  readonly original: Tuple;
  /** What is expected back: where it differs from the mirror image of `original`, NAT is at work. */
  readonly reply: Tuple;
  /** IPS_* bits of nf_conntrack_common.h. */
  readonly status: number;
  /** Seconds until it is forgotten. */
  readonly timeout: number;
  readonly mark: number;
  /** TCP_CONNTRACK_* of nf_conntrack_tcp.h; absent for other protocols. */
  readonly tcpState?: number;
  /** Of each direction; absent where the kernel does not count them (net.netfilter.nf_conntrack_acct). */
  readonly counters?: { readonly original: FlowCounters; readonly reply: FlowCounters };
  /** Names it to the kernel. */
  readonly handle: FlowHandle;
}

export interface FlowCounters {
  readonly packets: number;
  readonly bytes: number;
}

interface FlowHandle {
  /** The attribute CTA_TUPLE_ORIG as the kernel gave it. */
  readonly tuple: Uint8Array;
  readonly zone: number;
  readonly id: number;
}
