/** Connection tracking of one namespace, as far as a packet and the answer to it need it. */
import type { Address } from '../../address/ip.ts';
import { codeOf } from '../field-codes.ts';
import type { Packet } from '../packet.ts';
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

/** A packet with what tracking knows of it. */
export interface TrackedPacket {
  readonly packet: Packet;
  readonly flow: Tracked;
  readonly direction: 'original' | 'reply';
}

const tupleOf = ({ source, destination, protocol, sourcePort, destinationPort }: Packet): Tuple => ({
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
  const tuple = tupleOf(packet);
  for (const flow of tracking.flows) {
    if (equal(flow.reply, tuple)) return { packet: { ...packet, state: 'established', dnat: isDnat(flow) }, flow, direction: 'reply' };
    if (equal(flow.original, tuple))
      return { packet: { ...packet, state: flow.confirmed ? 'established' : 'new', dnat: isDnat(flow) }, flow, direction: 'original' };
  }
  const flow: Tracked = { original: tuple, reply: mirrored(tuple), confirmed: false };
  // Nothing is kept of it, and nothing translated.
  if (!begins(packet)) return { packet: { ...packet, state: 'invalid', dnat: false }, flow, direction: 'original' };
  tracking.flows.push(flow);
  return { packet: { ...packet, state: 'new', dnat: false }, flow, direction: 'original' };
}

const REQUESTS = {
  4: ['echo-request', 'timestamp-request', 'info-request', 'address-mask-request'].map((name) => codeOf('icmp_type', name)),
  6: [codeOf('icmpv6_type', 'echo-request')],
} as const;

/** Whether a flow may begin with it (tcp_new and icmp_error of nf_conntrack_proto_*.c): an answer to nothing is invalid. */
const begins = ({ family, icmpType, acknowledges = false }: Packet): boolean =>
  icmpType === undefined ? !acknowledges : REQUESTS[family].includes(BigInt(icmpType));

const isDnat = ({ original, reply }: Tracked): boolean =>
  !same(original.destination, reply.source) || original.destinationPort !== reply.sourcePort;

/** The translation of a destination, on the way in or before it leaves its sender. */
export function translateDestination({ packet, flow, direction }: TrackedPacket): Packet {
  const to =
    direction === 'original'
      ? { destination: flow.reply.source, destinationPort: flow.reply.sourcePort }
      : { destination: flow.original.source, destinationPort: flow.original.sourcePort };
  return withPorts({ ...packet, destination: to.destination, dnat: isDnat(flow) }, packet.sourcePort, to.destinationPort);
}

/** The translation of a source, on the way out. */
export function translateSource({ packet, flow, direction }: TrackedPacket): Packet {
  const from =
    direction === 'original'
      ? { source: flow.reply.destination, sourcePort: flow.reply.destinationPort }
      : { source: flow.original.destination, sourcePort: flow.original.destinationPort };
  return withPorts({ ...packet, source: from.source }, from.sourcePort, packet.destinationPort);
}

function withPorts(packet: Packet, sourcePort: number | undefined, destinationPort: number | undefined): Packet {
  const { sourcePort: _source, destinationPort: _destination, ...rest } = packet;
  return { ...rest, ...(sourcePort !== undefined && { sourcePort }), ...(destinationPort !== undefined && { destinationPort }) };
}

/** Notes where a first packet goes instead, and what its answer will have as source. */
export function noteDestination(flow: Tracked, address: Address, port: number | undefined): void {
  flow.reply = { ...flow.reply, source: address, sourcePort: port ?? flow.reply.sourcePort };
}

export function noteSource(flow: Tracked, address: Address): void {
  flow.reply = { ...flow.reply, destination: address };
}
