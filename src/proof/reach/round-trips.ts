/** By which stations packets go, and by which their answers come back, or where these are lost. */
import type { Family } from '../../address/ip.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Stage } from './answer-rules.ts';
import { Answers } from './answers.ts';
import type { Ground } from './ground.ts';
import { asSent, pathOf } from './hop.ts';
import type { Leaf } from './leaf.ts';
import type { Space } from './space.ts';

/** Packets of one family that go and are answered by the same stations. */
export interface RoundTrip {
  readonly family: Family;
  /** Those that send, which differ in nothing but their addresses, and those that answer. */
  readonly from: readonly Station[];
  readonly to: readonly Station[];
  /** In the order in which they are passed; sender and receiver are not among them. */
  readonly there: readonly Station[];
  /** As far as answers come. */
  readonly back: readonly Station[];
  /** Absent where answers come back. */
  readonly lost?: { readonly at: Station; readonly stage: Stage };
  /** As they are sent. */
  readonly packets: Node;
}

/** TCP, UDP and echo requests; but for what servers of DHCP are asked, who are not believed wherever guards are. */
export function answerable(space: Space, family: Family): Node {
  const { diagram, sets } = space;
  const talking = diagram.and(space.plain(family), sets.among(['meta l4proto'], [['tcp'], ['udp']]));
  const dhcp = diagram.or(space.toPorts('udp', 67, 67), space.toPorts('udp', 547, 547));
  return diagram.or(diagram.diff(talking, dhcp), space.echoRequests(family));
}

/** @param leaves of one walk from one start; those that are `delivered` count */
export function roundTrips(ground: Ground, leaves: readonly Leaf[], wanted: Node, family: Family): readonly RoundTrip[] {
  const { diagram } = ground.space;
  const trips = new Map<string, RoundTrip>();
  for (const leaf of leaves) {
    if (leaf.fate !== 'delivered') continue;
    const sent = diagram.and(asSent(ground.space, leaf.hop, leaf.packets), wanted);
    const path = pathOf(leaf.hop);
    const [start, ...passed] = path;
    if (sent === EMPTY || start === undefined || passed.length === 0) continue;
    const there = passed.slice(0, -1).map(({ station }) => station);
    const note = (asked: Node, back: readonly Station[], lost?: RoundTrip['lost']): void => {
      const packets = diagram.and(asked, sent);
      if (packets === EMPTY) return;
      const trip = { family, from: start.members, to: leaf.hop.members, there, back: back.slice(1), ...(lost && { lost }), packets };
      const key = keyOf(trip);
      const known = trips.get(key);
      trips.set(key, { ...trip, packets: diagram.or(packets, known?.packets ?? EMPTY) });
    };
    const answers = new Answers(ground, {
      back: (asked, back) => note(asked, back),
      lost: (asked, back, at, stage) => note(asked, back, { at, stage }),
    });
    answers.to(leaf, family);
  }
  return [...trips.values()];
}

/** Whether answers come another way than what they answer. */
export const isAsymmetric = ({ there, back, lost }: Pick<RoundTrip, 'there' | 'back' | 'lost'>): boolean =>
  lost === undefined && namesOf(there.toReversed()) !== namesOf(back);

const namesOf = (stations: readonly Station[]): string => stations.map(({ namespace }) => namespace).join(' ');

const keyOf = ({ from, to, there, back, lost }: RoundTrip): string =>
  [namesOf(from), namesOf(to), namesOf(there), namesOf(back), lost?.at.namespace, lost?.stage].join('\n');
