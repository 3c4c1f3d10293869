/**
 * What goes through a tunnel before a packet can: the question who has the address of the next hop, and the answer. Where one of the two
 * does not get through, whoever asked is told that nobody is there.
 */
import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import type { Model } from './model.ts';
import { NotFollowed } from './not-followed.ts';
import { same } from './routing.ts';
import type { Opening } from './sending.ts';
import type { Trace } from './step.ts';
import { farEnds, outerPacket, takesAll } from './tunnel.ts';
import type { TunnelCrossing } from './wire.ts';

/** What becomes of a packet that a namespace sends. */
export type Follow = (from: string, opening: Opening) => Trace;

interface Carriage {
  readonly crossing: TunnelCrossing;
  /** Of the packet around the frame. */
  readonly trace: Trace;
  readonly arrived: boolean;
  /** It went to where VXLAN had learned that its receiver is, and nobody has said so: NAT has changed who sent the frame before. */
  readonly astray: boolean;
}

/**
 * There, back, and there again where the other end is known by another address since; ends with the first that does not arrive.
 *
 * @param isAnswer - whether that which is to be carried answers something
 * @throws NotFollowed for an answer that would go astray, or that is lost where it may be known that it has to go elsewhere
 */
export function exchanged(model: Model, crossing: TunnelCrossing, isAnswer: boolean, follow: Follow): readonly Carriage[] {
  const carriages = carriagesOf(model, crossing, follow);
  if (isAnswer) refuseAstray(model, carriages, follow);
  return carriages;
}

function carriagesOf(model: Model, crossing: TunnelCrossing, follow: Follow): readonly Carriage[] {
  const question = carriage(crossing, crossing.far.address, follow);
  const back = question.arrived ? reversed(model, crossing) : undefined;
  if (back === undefined) return [{ ...question, arrived: false }];
  const answer = carriage(back, learned(back, question) ?? back.far.address, follow);
  const known = answer.arrived ? learned(crossing, answer) : undefined;
  if (known === undefined || same(known, crossing.far.address)) return [question, answer];
  return [question, answer, carriage(crossing, known, follow)];
}

function carriage(crossing: TunnelCrossing, to: Address, follow: Follow): Carriage {
  const { station, tunnel, far } = crossing;
  const trace = follow(station.namespace, outerPacket(tunnel, to));
  const { ending, packet } = trace;
  const arrived = ending.kind === 'delivered' && ending.at === far.station.namespace;
  const taker = far.station.devices.get(far.device)?.tunnel ?? tunnel;
  const { remote } = taker;
  const isTaken = takesAll(taker) || remote === undefined || remote === formatAddress(packet.source);
  return { crossing, trace, arrived: arrived && isTaken, astray: !same(to, far.address) };
}

/** Where VXLAN learns (vxlan_snoop), frames go to where the last came from, as NAT has left it. */
const learned = ({ tunnel }: TunnelCrossing, { trace }: Carriage): Address | undefined =>
  tunnel.type === 'vxlan' && tunnel.learning !== false ? trace.packet.source : undefined;

/**
 * Whether they know each other all the same hangs on who has asked for whom before, and is not followed: a question of the other end's goes to
 * all, and tells who it is without an answer. Whoever answers a packet has been heard of, so it may well be so.
 */
function refuseAstray(model: Model, carriages: readonly Carriage[], follow: Follow): void {
  const lost = carriages.find(({ arrived }) => !arrived);
  if (lost === undefined || !(lost.astray || isKnownElsewhere(model, lost.crossing, follow))) return;
  const { tunnel, station } = lost.crossing;
  throw new NotFollowed(
    `NAT changes where ${tunnel.device} in ${station.namespace} learns that others are, and whether answers find their way then is not followed`,
  );
}

/** Whether frames of the other end come from an address that it has not. */
function isKnownElsewhere(model: Model, crossing: TunnelCrossing, follow: Follow): boolean {
  const back = reversed(model, crossing);
  if (back === undefined) return false;
  const frame = carriage(back, back.far.address, follow);
  const from = frame.arrived ? learned(crossing, frame) : undefined;
  return from !== undefined && !same(from, crossing.far.address);
}

/** Undefined where the other end does not send to this one. */
function reversed(model: Model, { station, tunnel, far }: TunnelCrossing): TunnelCrossing | undefined {
  const device = far.station.devices.get(far.device);
  if (device?.tunnel === undefined) return undefined;
  const own = farEnds(model, far.station, device, device.tunnel).find((end) => end.station === station && end.end.tunnel === tunnel);
  return (
    own && { kind: 'tunnel', station: far.station, tunnel: device.tunnel, far: { station, device: own.end.name, address: own.address } }
  );
}
