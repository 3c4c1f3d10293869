/** Who can send what to whom, with those put together that can send the same, and those that get the same. */
import type { Address, Family } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import { elsewhere } from './elsewhere.ts';
import type { Ground } from './ground.ts';
import { type Outcome, type Party, send } from './question.ts';
import type { End, Space } from './space.ts';

export interface Named {
  readonly name: string;
  readonly addresses: readonly Address[];
}

/** From each of the ones to each of the others, itself left out. */
export interface Block<From, To> {
  readonly from: readonly From[];
  readonly to: readonly To[];
  /** Nothing of their addresses is in it. */
  readonly packets: Node;
}

/** What arrives of the packets that begin something, as they are sent. */
export interface Arrivals {
  readonly family: Family;
  /** To those who were asked about. */
  readonly inside: Node;
  readonly delivered: Node;
  readonly outside: Node;
  readonly outcomes: readonly Outcome[];
}

/** @param outside whether it is asked too what leaves for where the file says nothing of */
export function arrivalsOf(ground: Ground, from: readonly Party[], to: readonly Address[], outside: boolean): readonly Arrivals[] {
  const { space } = ground;
  const { diagram } = space;
  return ([4, 6] as const).map((family) => {
    const inside = diagram.and(space.beginning(family), space.addresses('destination', family, to));
    const beyond = outside ? diagram.and(space.beginning(family), elsewhere(ground, family)) : EMPTY;
    const outcomes = send(ground, from, family, diagram.or(inside, beyond));
    const all = (what: 'delivered' | 'outside'): Node =>
      union(
        diagram,
        outcomes.map((outcome) => outcome[what]),
      );
    return { family, inside, delivered: all('delivered'), outside: all('outside'), outcomes };
  });
}

/** Equal sets are equal numbers, so that rows which say the same are found by comparing these. */
export function blocksOf<From extends Named, To extends Named>(
  space: Space,
  senders: readonly From[],
  targets: readonly To[],
  arrivals: readonly Arrivals[],
): readonly Block<From, To | 'outside'>[] {
  const { diagram } = space;
  const whole = arrivals.map(({ family, inside, delivered, outside }) => {
    // As if everybody reached itself: who differs in nothing else is alike.
    const own = senders.map(({ addresses }) =>
      diagram.and(space.addresses('source', family, addresses), space.addresses('destination', family, addresses)),
    );
    return { family, delivered: diagram.or(delivered, diagram.and(inside, union(diagram, own))), outside };
  });
  const rows = groupBy(senders, (sender) =>
    whole
      .map(({ family, delivered, outside }) =>
        [delivered, outside].map((set) => at(space, set, 'source', family, sender.addresses)).join(' '),
      )
      .join(' '),
  );
  return [...rows.values()].flatMap((from) => {
    const [first] = from;
    if (first === undefined) return [];
    const row = whole.map(({ family, delivered, outside }) => ({
      family,
      delivered: at(space, delivered, 'source', family, first.addresses),
      outside: at(space, outside, 'source', family, first.addresses),
    }));
    const cells = groupBy(targets, (target) =>
      union(
        diagram,
        row.map(({ family, delivered }) => at(space, delivered, 'destination', family, target.addresses)),
      ),
    );
    const beyond = diagram.exists(
      union(
        diagram,
        row.map(({ outside }) => outside),
      ),
      space.sets.bitsOfSlots('destination'),
    );
    const others = (to: readonly To[]): readonly To[] => (from.length > 1 ? to : to.filter(({ name }) => name !== first.name));
    return [
      ...[...cells]
        .map(([packets, to]): Block<From, To | 'outside'> => ({ from, to: others(to), packets }))
        .filter(({ packets, to }) => packets !== EMPTY && to.length > 0),
      ...(beyond === EMPTY ? [] : [{ from, to: ['outside' as const], packets: beyond }]),
    ];
  });
}

/** What there is of a set with one of the addresses, but for these. */
const at = (space: Space, set: Node, end: End, family: Family, addresses: readonly Address[]): Node =>
  space.diagram.andExists(set, space.addresses(end, family, addresses), space.sets.bitsOfSlots(end));
