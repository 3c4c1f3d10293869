/** ip_output: the hook postrouting, and the wire. */
import { HOST } from '../../resource/resource.ts';
import type { Decision } from '../evaluate.ts';
import type { Packet } from '../packet.ts';
import { decisiveFlow, type Program } from './flows/program.ts';
import { filter, translation } from './hooks.ts';
import type { Model, Station } from './model.ts';
import { type Network, type Onward, refused } from './onward.ts';
import { answerNotFollowed, programAt, unresolved } from './resolution.ts';
import { type Routing, reachesAll, same } from './routing.ts';
import type { Ending, Step } from './step.ts';
import { type Crossed, switched } from './switched.ts';
import type { TrackedPacket } from './tracking.ts';
import { isFirst, newSource } from './translating.ts';
import { type Arrival, arrivalOf, type BridgeCrossing, type Crossing, type Wanted } from './wire.ts';

/** Bytes. Of a device that the file does not know, and of the loopback device, nothing is too large. */
export const mtuOf = ({ devices }: Station, device: string): number => devices.get(device)?.mtu || Number.POSITIVE_INFINITY;

export const exceeds = ({ size = 0, fragmentSize = size }: Packet, mtu: number): boolean => fragmentSize > mtu;

export function transmit(
  network: Network,
  station: Station,
  tracked: TrackedPacket,
  sent: Extract<Routing, { kind: 'sent' }>,
  steps: Step[],
): Onward {
  const at = station.namespace;
  const { device, route } = sent;
  steps.push({ kind: 'routed', at, route });
  const decision = filter(station, 'postrouting', tracked.packet, steps);
  if (decision !== undefined) return refused(station, decision, tracked.packet);
  const whole = newSource(station, tracked, sent, steps);
  tracked.flow.confirmed = true;
  const mtu = mtuOf(station, device);
  const packet = exceeds(whole, mtu) ? { ...whole, fragmentSize: mtu } : whole;
  if (packet !== whole) steps.push({ kind: 'fragmented', at, device, mtu });
  const end = (ending: Ending): Onward => ({ ending, packet });
  if (!station.devices.has(device) && at === HOST) return end({ kind: 'outside', at });
  const what = reachesAll(station, packet.destination);
  if (what !== undefined && packet.etherDestination === undefined) return end({ kind: 'to-all', at, what, device });
  const next = route.via ?? packet.destination;
  const owns: Wanted = (other, { name }) => other.addresses.some((own) => own.device === name && same(own.address, next));
  const { etherDestination: mac } = packet;
  const arrival = arrivalOf(network.model, station, device, mac === undefined ? owns : (_other, one) => one.mac === mac);
  if (arrival === undefined)
    return end(mac === undefined ? { kind: 'nobody-there', at, device, address: next } : { kind: 'nobody-has-mac', at, device, mac });
  if ('down' in arrival)
    return end({ kind: 'link-down', at, device, down: { at: arrival.down.station.namespace, device: arrival.down.device } });
  const stopped = mac === undefined ? unresolved({ sender: station, device, next, source: packet.source }, arrival) : undefined;
  if (stopped !== undefined && packet.isAnswer === true) throw answerNotFollowed(station);
  if (stopped !== undefined) {
    const { crossing, program, decision } = stopped;
    steps.push(bridgedStep(crossing), { ...matchedStep(crossing, program, decision), asking: true });
    return end({ kind: 'nobody-there', at, device, address: next });
  }
  const etherSource = packet.etherSource ?? station.devices.get(device)?.mac ?? '';
  const etherDestination = arrival.station.devices.get(arrival.device)?.mac ?? '';
  return cross(network.model, { ...packet, etherSource, etherDestination }, packet, arrival, arrival.crossings, steps);
}

/** The bridges and tunnels on the way. */
function cross(
  model: Model,
  frame: Packet,
  packet: Packet,
  end: Pick<Arrival, 'station' | 'device'>,
  [crossing, ...rest]: readonly Crossing[],
  steps: Step[],
): Onward {
  if (crossing === undefined) return { station: end.station, device: end.device, packet };
  const then = (): Onward => cross(model, frame, packet, end, rest, steps);
  if (crossing.kind === 'tunnel') return { through: crossing, packet, then };
  const program = programAt(crossing);
  if (program === undefined) {
    steps.push(bridgedStep(crossing));
    return bridged(model, { frame, crossing, rest, end }, packet, steps);
  }
  const told: Step[] = [];
  const passed = switched(model, program, { frame, crossing, rest, end }, told);
  steps.push(bridgedStep('decision' in passed ? crossing : passed.crossing), ...told);
  const carried = passed.frame === frame ? packet : withoutMacs(packet, passed.frame);
  return 'decision' in passed ? refused(crossing.station, passed.decision, carried) : bridged(model, passed, carried, steps);
}

/** A frame that has been changed, as the packet that it carries. */
function withoutMacs(
  { etherSource, etherDestination }: Packet,
  { etherSource: _source, etherDestination: _destination, ...frame }: Packet,
): Packet {
  return { ...frame, ...(etherSource !== undefined && { etherSource }), ...(etherDestination !== undefined && { etherDestination }) };
}

/** What nftables says of it on the bridge. */
function bridged(model: Model, { frame, crossing, rest, end }: Crossed, packet: Packet, steps: Step[]): Onward {
  const { station: place, inPort, outPort } = crossing;
  const framed = { ...frame, inDevice: inPort };
  for (const hook of ['prerouting', outPort === undefined ? 'input' : 'forward'] as const) {
    const leaving = outPort !== undefined && hook === 'forward' ? { outDevice: outPort } : {};
    const stopped = filter(place, hook, { ...framed, ...leaving }, steps, { bridge: true });
    if (stopped !== undefined) return refused(place, stopped, packet);
  }
  // br_dev_queue_push_xmit.
  if (outPort !== undefined && exceeds(packet, mtuOf(place, outPort)))
    return { ending: { kind: 'frame-too-big', at: place.namespace, device: outPort, mtu: mtuOf(place, outPort) }, packet };
  return cross(model, frame, packet, end, rest, steps);
}

const bridgedStep = ({ station, bridge, inPort, outPort, vlan }: BridgeCrossing): Step => ({
  kind: 'bridged',
  at: station.namespace,
  bridge,
  inPort,
  outPort,
  ...(vlan !== undefined && { vlan }),
});

const matchedStep = ({ station, bridge }: BridgeCrossing, program: Program, decision: Decision): Extract<Step, { kind: 'matched' }> => ({
  kind: 'matched',
  at: station.namespace,
  bridge,
  ...decisiveFlow(program, decision),
  decision,
});

/** By an interface of the host that the file does not know: what comes then is nobody's to say, but the host's rules are. */
export function leave(station: Station, tracked: TrackedPacket, packet: Packet, steps: Step[]): Onward {
  for (const hook of ['forward', 'postrouting'] as const) {
    const decision = filter(station, hook, packet, steps);
    if (decision !== undefined) return refused(station, decision, packet);
  }
  const asked = isFirst(tracked) ? translation(station, 'postrouting', packet) : undefined;
  if (asked !== undefined) steps.push({ kind: 'masqueraded', at: station.namespace, decision: asked.decision });
  return { ending: { kind: 'outside', at: station.namespace }, packet };
}
