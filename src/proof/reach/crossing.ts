/** The way over bridges and through tunnels, from one interface to another. */
import type { Chain } from '../../resource/ruleset/chain.ts';
import { exchanged } from '../path/exchange.ts';
import { macsAfter } from '../path/flows/changes.ts';
import type { Program, Special } from '../path/flows/program.ts';
import { follow } from '../path/follow.ts';
import type { Model, Station } from '../path/model.ts';
import { programAt } from '../path/resolution.ts';
import { type Arrival, arrivalBehind, type BridgeCrossing, type Crossing, type TunnelCrossing } from '../path/wire.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Rewriting } from '../sets/rewriting.ts';
import { changedFrames } from './frame-changes.ts';
import type { Hooks, Situation } from './hooks.ts';
import type { Space } from './space.ts';

/** What comes out at an end. */
export interface Crossed {
  readonly end: Pick<Arrival, 'station' | 'device'>;
  readonly packets: Node;
  readonly hops: number;
  /** What flows have made of them on the way, in order. */
  readonly rewritings: readonly Rewriting[];
}

/** Packets that are at a crossing, or behind the last. */
interface Coming extends Omit<Crossed, 'hops'> {
  readonly frame: Situation;
  readonly crossings: readonly Crossing[];
}

interface World {
  readonly model: Model;
  readonly space: Space;
  readonly hooks: Hooks;
}

/** What comes out of packets that a station sends; where flows change it, at several ends. @throws NotFollowed */
export function crossed(world: World, sender: Station, situation: Situation, arrival: Arrival, packets: Node): readonly Crossed[] {
  const { inDevice: _in, outDevice, ...rest } = situation;
  const frame: Situation = {
    ...rest,
    etherSource: sender.devices.get(outDevice ?? '')?.mac ?? '',
    etherDestination: arrival.station.devices.get(arrival.device)?.mac ?? '',
  };
  return along(world, { end: arrival, packets, rewritings: [], frame, crossings: arrival.crossings });
}

function along(world: World, on: Coming): readonly Crossed[] {
  const { end, packets, rewritings, frame } = on;
  if (packets === EMPTY) return [];
  const [crossing, ...crossings] = on.crossings;
  if (crossing === undefined) return [{ end, packets, rewritings, hops: frame.hops }];
  if (crossing.kind === 'tunnel') return isOpen(world.model, crossing, frame.turned === true) ? along(world, { ...on, crossings }) : [];
  const program = programAt(crossing);
  return program === undefined ? beyond(world, on, crossing) : throughFlows(world, on, crossing, program, program.begin);
}

function throughFlows(world: World, on: Coming, crossing: BridgeCrossing, program: Program, chain: Chain): readonly Crossed[] {
  const { station, bridge, inPort, outPort = bridge } = crossing;
  const asked = { ...on.frame, inDevice: inPort, outDevice: outPort };
  const { accepted, special } = world.hooks.switched(station, program, chain, asked, on.packets);
  const changed = special.flatMap((one) => specially(world, { ...on, packets: one.packets }, crossing, program, one.special));
  return [...changed, ...beyond(world, { ...on, packets: accepted }, crossing)];
}

/** What is done to packets that no rule says. */
function specially(
  world: World,
  before: Coming,
  at: BridgeCrossing,
  program: Program,
  { receiver, onward: onwardBy }: Special,
): readonly Crossed[] {
  const arrival = receiver === undefined ? undefined : arrivalBehind(world.model, at, receiver);
  const crossings = receiver === undefined ? before.crossings : (arrival?.crossings ?? []);
  const [crossing] = crossings;
  if (crossing?.kind !== 'bridge') return [];
  const onward = onwardBy(crossing.outPort ?? crossing.bridge);
  if (onward === 'stays') return [];
  const { sources: _sources, turned = false, ...frame } = before.frame;
  const { packets } = before;
  const after = changedFrames(world.space, onward.changes, { family: frame.family, turned, hops: frame.hops, packets });
  if (after === undefined) return [];
  const on: Coming = {
    end: arrival ?? before.end,
    crossings,
    packets: after.packets,
    rewritings: [...before.rewritings, ...after.rewritings],
    frame: { ...frame, turned, hops: after.hops, ...macsAfter(onward.changes) },
  };
  return onward.chain === undefined ? beyond(world, on, crossing) : throughFlows(world, on, crossing, program, onward.chain);
}

/** What nftables lets over the bridge, and on. */
function beyond({ hooks, ...world }: World, on: Coming, { station, inPort, outPort }: BridgeCrossing): readonly Crossed[] {
  const framed: Situation = { ...on.frame, inDevice: inPort };
  const early = hooks.filter(station, 'prerouting', framed, on.packets, { bridge: true });
  const onward = outPort === undefined ? framed : { ...framed, outDevice: outPort };
  const packets = hooks.filter(station, outPort === undefined ? 'input' : 'forward', onward, early, { bridge: true });
  return along({ hooks, ...world }, { ...on, packets, crossings: on.crossings.slice(1) });
}

/** Whether packets between the ends of a tunnel arrive: all frames in it are the same to whoever is between. @throws NotFollowed */
function isOpen(model: Model, crossing: TunnelCrossing, isAnswer: boolean): boolean {
  const network = { model, trackings: new Map(), depth: 1 };
  return exchanged(model, crossing, isAnswer, (from, opening) => follow(network, from, opening)).every(({ arrived }) => arrived);
}
