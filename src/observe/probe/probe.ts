import type { Address } from '../../address/ip.ts';

/** One packet exchange to try: an ICMP echo, a TCP handshake or a UDP datagram with its answer. */
export interface Probe {
  /** The node that it leaves from; its namespace is entered. */
  readonly from: string;
  /** The source address; the kernel chooses unless given. */
  readonly source?: Address;
  /** The source port, or the identifier of the echo; the kernel chooses unless given. */
  readonly tag?: number;
  readonly to: Address;
  /** The node that it comes to, if it is one of the bottle's: where nothing listens there, the probe does. */
  readonly target?: string;
  /** Where it arrives at the target, if a forward takes it elsewhere than to `to` and `port`. */
  readonly landing?: { readonly address: Address; readonly port: number };
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** 1 to 65535; TCP and UDP only. */
  readonly port?: number;
  /** Milliseconds to wait for an answer, instead of the run's. */
  readonly timeout?: number;
  /** IPv4 TTL or IPv6 hop limit, 1 to 255. */
  readonly hopLimit?: number;
  /** Bytes of payload, for ICMP and UDP; sent unfragmented (IP_PMTUDISC_DO). */
  readonly size?: number;
  /** As large as its source knows to send, unfragmented: over TCP a full segment, which a listener of the probe's own sends back. */
  readonly full?: true;
  /** With `full`: of so many bytes, with its headers, and no others: 128 at least. */
  readonly bytes?: number;
}

/** What an ICMP error says (RFC 792, RFC 1812, RFC 4443). */
export type UnreachableReason =
  | 'no-route'
  | 'host-unreachable'
  | 'protocol-unreachable'
  | 'admin-prohibited'
  | 'source-route-failed'
  | 'beyond-scope'
  | 'source-policy'
  | 'route-rejected'
  | 'hop-limit-exceeded'
  | 'reassembly-timeout'
  | 'malformed';

export interface Refusal {
  readonly kind: 'refused';
  readonly how: 'reset' | 'port-unreachable';
  readonly by?: Address;
  /** The probe itself did listen there: a filter or NAT on the way refused it, in whoever's name. */
  readonly filtered?: true;
  readonly milliseconds: number;
}

/** Where a packet, or the answer to it, was seen for the last time. */
export interface LastSeen {
  /** A machine, a router, or a switch. */
  readonly at: string;
  /** What is at the other end of the cable: a network, or who is plugged into the switch. */
  readonly by: string;
  /** Coming in by that cable, or leaving by it. */
  readonly way: 'in' | 'out';
  /** The packet itself had come to its target. */
  readonly answer: boolean;
}

/** `milliseconds` are from sending to seeing, an upper bound of the round trip: thousands of probes share one thread. */
export type Outcome =
  | { readonly kind: 'answered'; readonly milliseconds: number }
  /** UDP: it reached a program that is not ours, behind the node's own filter, and that program did not answer. */
  | { readonly kind: 'delivered'; readonly milliseconds: number }
  /** A TCP reset has no sender of its own, it bears the target's address whoever made it: `by` is known for ICMP only. */
  | Refusal
  /** `by` is the address that the ICMP error came from; absent if only the socket was told. */
  | { readonly kind: 'unreachable'; readonly reason: UnreachableReason; readonly by?: Address; readonly milliseconds: number }
  /** `mtu` in bytes; `by` is absent where the source's own interface is too small. */
  | { readonly kind: 'too-big'; readonly mtu?: number; readonly by?: Address; readonly milliseconds: number }
  /** The source itself has no route; `code` is the errno: ENETUNREACH, EHOSTUNREACH, EACCES (prohibit), EINVAL (blackhole). */
  | { readonly kind: 'no-route'; readonly code: string }
  /** The source's own filter did not let it out (EPERM). */
  | { readonly kind: 'filtered-at-source' }
  /** `size` in bytes of the last packet, where it was to be a full one; what else has been found out of those that are lost. */
  | { readonly kind: 'timed-out'; readonly size?: number; readonly fits?: number; readonly lastSeen?: LastSeen }
  /** UDP to an address outside the bottle: sent and not answered, which need not mean that it did not arrive. */
  | { readonly kind: 'no-answer' }
  /** It could not be tried. */
  | { readonly kind: 'failed'; readonly message: string };

/** The same things, those from one node together. */
export function bySource<T extends { readonly probe: Probe }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.probe.from);
    if (group) group.push(item);
    else groups.set(item.probe.from, [item]);
  }
  return groups;
}
