/** What NAT makes of a packet in one namespace: as the rules ask for first packets, and as was noted for all others. */
import type { Address } from '../../address/ip.ts';
import type { Packet, Quoted } from '../packet.ts';
import { type Translation, translation } from './hooks.ts';
import type { Station } from './model.ts';
import { type Routing, same, sourceFor } from './routing.ts';
import type { Step } from './step.ts';
import { isDnat, type Tracked, type TrackedPacket } from './tracking.ts';

type Sent = Extract<Routing, { kind: 'sent' }>;

export function newDestination(station: Station, hook: 'prerouting' | 'output', tracked: TrackedPacket, steps: Step[]): Packet {
  const { packet, flow } = tracked;
  const asked = isFirst(tracked) ? translation(station, hook, packet) : undefined;
  if (asked?.address !== undefined) flow.reply = { ...flow.reply, source: asked.address, sourcePort: asked.port ?? flow.reply.sourcePort };
  const after = translateDestination(tracked);
  noteTranslation(station, 'destination', packet, after, asked, steps);
  return after;
}

export function newSource(station: Station, tracked: TrackedPacket, { device, route }: Sent, steps: Step[]): Packet {
  const { packet, flow } = tracked;
  const asked = isFirst(tracked) ? translation(station, 'postrouting', packet) : undefined;
  const address: Address | undefined =
    asked === undefined ? undefined : (asked.address ?? sourceFor(station, packet.destination, { device, route }));
  if (address !== undefined) flow.reply = { ...flow.reply, destination: address };
  const after = translateSource(tracked);
  noteTranslation(station, 'source', packet, after, asked, steps);
  return after;
}

export const isFirst = ({ packet, direction }: TrackedPacket): boolean => packet.state === 'new' && direction === 'original';

function noteTranslation(
  { namespace }: Station,
  what: 'source' | 'destination',
  before: Packet,
  after: Packet,
  asked: Translation | undefined,
  steps: Step[],
): void {
  if (after[what].value === before[what].value && after[`${what}Port`] === before[`${what}Port`]) return;
  steps.push({ kind: 'translated', at: namespace, what, before, after, ...(asked !== undefined && { decision: asked.decision }) });
}

const isSnat = ({ original, reply }: Tracked): boolean =>
  !same(original.source, reply.destination) || original.sourcePort !== reply.destinationPort;

/** The translation of a destination, on the way in or before it leaves its sender. */
function translateDestination(tracked: TrackedPacket): Packet {
  const { packet, flow, direction } = tracked;
  if (packet.state === 'invalid' || packet.state === 'untracked') return packet;
  const to =
    direction === 'original'
      ? { destination: flow.reply.source, destinationPort: flow.reply.sourcePort }
      : { destination: flow.original.source, destinationPort: flow.original.sourcePort };
  const { quoted } = packet;
  if (quoted === undefined)
    return withPorts({ ...packet, destination: to.destination, dnat: isDnat(flow) }, packet.sourcePort, to.destinationPort);
  if (!(direction === 'original' ? isDnat(flow) : isSnat(flow))) return packet;
  const source = withPorts({ ...quoted, source: to.destination }, to.destinationPort, quoted.destinationPort);
  return { ...packet, destination: to.destination, quoted: source };
}

/** The translation of a source, on the way out. */
function translateSource(tracked: TrackedPacket): Packet {
  const { packet, flow, direction } = tracked;
  if (packet.state === 'invalid' || packet.state === 'untracked') return packet;
  const from =
    direction === 'original'
      ? { source: flow.reply.destination, sourcePort: flow.reply.destinationPort }
      : { source: flow.original.destination, sourcePort: flow.original.destinationPort };
  const { quoted } = packet;
  if (quoted === undefined) return withPorts({ ...packet, source: from.source }, from.sourcePort, packet.destinationPort);
  // Whoever reports an error keeps its address, unless it stands behind the one that the packet was sent to (nf_nat_icmp_reply_translation).
  if (!(direction === 'original' ? isSnat(flow) : isDnat(flow))) return packet;
  const destination = withPorts({ ...quoted, destination: from.source }, quoted.sourcePort, from.sourcePort);
  return { ...packet, source: from.source, quoted: destination };
}

function withPorts<P extends Quoted>(packet: P, sourcePort: number | undefined, destinationPort: number | undefined): P {
  const { sourcePort: _source, destinationPort: _destination, ...rest } = packet;
  const ported = { ...rest, ...(sourcePort !== undefined && { sourcePort }), ...(destinationPort !== undefined && { destinationPort }) };
  return ported as P;
}
