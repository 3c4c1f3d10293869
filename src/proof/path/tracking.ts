/** Connection tracking of one namespace, as far as a packet and the answer to it need it. */
import type { Address } from '../../address/ip.ts';
import { codeOf } from '../field-codes.ts';
import type { Packet, Quoted } from '../packet.ts';
import { same } from './routing.ts';

/** One direction of a flow, as its packets are before anything is translated. */
interface Tuple {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
}

export interface Tracked {
  readonly original: Tuple;
  /** What comes back; changes while the first packet is translated. */
  reply: Tuple;
  confirmed: boolean;
}

export interface Tracking {
  readonly flows: Tracked[];
}

/** What a packet belongs to. */
export interface Belonging {
  readonly flow: Tracked;
  readonly direction: 'original' | 'reply';
}

/** A packet with what tracking knows of it. */
export interface TrackedPacket extends Belonging {
  readonly packet: Packet;
}

const tupleOf = ({ source, destination, protocol, sourcePort, destinationPort }: Quoted): Tuple => ({
  source,
  destination,
  protocol,
  sourcePort,
  destinationPort,
});

const mirrored = ({ source, destination, protocol, sourcePort, destinationPort }: Tuple): Tuple => ({
  source: destination,
  destination: source,
  protocol,
  sourcePort: destinationPort,
  destinationPort: sourcePort,
});

const equal = (one: Tuple, other: Tuple): boolean =>
  one.protocol === other.protocol &&
  same(one.source, other.source) &&
  same(one.destination, other.destination) &&
  one.sourcePort === other.sourcePort &&
  one.destinationPort === other.destinationPort;

/** What the hook of connection tracking does (nf_conntrack_in): finds the flow, or begins one. */
export function track(tracking: Tracking, packet: Packet): TrackedPacket {
  if (packet.quoted !== undefined) return trackError(tracking, packet, packet.quoted);
  const tuple = tupleOf(packet);
  if (isMisjudged(packet)) return belongingToNothing(packet, 'invalid');
  const known = found(tracking, tuple);
  if (known !== undefined) return { packet: { ...packet, state: 'established', dnat: isDnat(known.flow) }, ...known };
  if (!begins(packet)) return belongingToNothing(packet, isDiscovery(packet) ? 'untracked' : 'invalid');
  const flow: Tracked = { original: tuple, reply: mirrored(tuple), confirmed: false };
  tracking.flows.push(flow);
  return { packet: { ...packet, state: 'new', dnat: false }, flow, direction: 'original' };
}

/** Of UDP-Lite that comes in, the checksum is looked at as if it were UDP, and is wrong (udplite_error of nf_conntrack_proto_udp.c). */
const isMisjudged = ({ protocol, inDevice }: Packet): boolean =>
  inDevice !== undefined && BigInt(protocol) === codeOf('inet_proto', 'udplite');

/** What a namespace sends about a packet of a flow: it belongs to that, even if nobody else could find it yet (nf_conntrack_attach). */
export const attach = (packet: Packet, { flow, direction }: Belonging): TrackedPacket => ({
  packet: { ...packet, state: 'related', dnat: isDnat(flow) },
  flow,
  direction: direction === 'original' ? 'reply' : 'original',
});

/** Flows are found once their first packet has got through the namespace. */
function found({ flows }: Tracking, tuple: Tuple): Belonging | undefined {
  for (const flow of flows) {
    if (!flow.confirmed) continue;
    if (equal(flow.reply, tuple)) return { flow, direction: 'reply' };
    if (equal(flow.original, tuple)) return { flow, direction: 'original' };
  }
  return undefined;
}

/** An error goes the way of packets that answer what it is about, to whom they would go (nf_conntrack_inet_error). */
function trackError(tracking: Tracking, packet: Packet, quoted: Quoted): TrackedPacket {
  const known = found(tracking, mirrored(tupleOf(quoted)));
  if (known === undefined) return belongingToNothing(packet, 'invalid');
  const { flow, direction } = known;
  if (!same(flow[direction].destination, packet.destination)) return belongingToNothing(packet, 'invalid');
  return { packet: { ...packet, state: 'related', dnat: isDnat(flow) }, flow, direction };
}

/** Nothing is kept of it, and nothing translated. */
function belongingToNothing(packet: Packet, state: 'invalid' | 'untracked'): TrackedPacket {
  const tuple = tupleOf(packet);
  const flow: Tracked = { original: tuple, reply: mirrored(tuple), confirmed: false };
  return { packet: { ...packet, state, dnat: false }, flow, direction: 'original' };
}

const REQUESTS = {
  4: ['echo-request', 'timestamp-request', 'info-request', 'address-mask-request'].map((name) => codeOf('icmp_type', name)),
  6: [codeOf('icmpv6_type', 'echo-request')],
} as const;

/** What IPv6 needs to find neighbours, routers and listeners (nf_conntrack_proto_icmpv6.c). */
const DISCOVERY = [
  'mld-listener-query',
  'mld-listener-report',
  'mld-listener-done',
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
  'mld2-listener-report',
].map((name) => codeOf('icmpv6_type', name));

const isDiscovery = ({ family, icmpType }: Packet): boolean =>
  family === 6 && icmpType !== undefined && DISCOVERY.includes(BigInt(icmpType));

const bitsOf = (...flags: readonly string[]): number => flags.reduce((bits, flag) => bits | Number(codeOf('tcp_flag', flag)), 0);
const [SYN, ACK, ENDS] = [bitsOf('syn'), bitsOf('ack'), bitsOf('fin', 'rst')];

/**
 * Whether a flow may begin with it (tcp_new and icmp_error of nf_conntrack_proto_*.c): an answer to nothing is invalid. A TCP
 * packet from the middle of a connection is taken for its beginning (`nf_conntrack_tcp_loose`).
 */
function begins({ family, protocol, icmpType, tcpFlags = SYN }: Packet): boolean {
  if (icmpType !== undefined) return REQUESTS[family].includes(BigInt(icmpType));
  if (BigInt(protocol) !== codeOf('inet_proto', 'tcp')) return true;
  if ((tcpFlags & ENDS) !== 0) return false;
  return (tcpFlags & (SYN | ACK)) === SYN || (tcpFlags & (SYN | ACK)) === ACK;
}

export const isDnat = ({ original, reply }: Tracked): boolean =>
  !same(original.destination, reply.source) || original.destinationPort !== reply.sourcePort;
