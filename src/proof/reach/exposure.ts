/** What one state of a network lets through that another does not. */
import type { Address, Family } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import { answered, type Outcome, type Party, send, through } from './question.ts';

/** One that sends, by its namespace, with its addresses in either state. */
export interface Sender {
  readonly namespace: string;
  readonly addresses: readonly Address[];
}

/** Packets as they are sent. */
export interface Exposure {
  readonly family: Family;
  readonly opened: Node;
  readonly closed: Node;
}

/** @param to destinations that are asked about; the two grounds share their space */
export function exposures(before: Ground, after: Ground, senders: readonly Sender[], to: readonly Address[]): readonly Exposure[] {
  const groups = groupBy(senders, ({ namespace }) => `${peersKey(before, namespace)} ${peersKey(after, namespace)}`);
  return ([4, 6] as const).flatMap((family) =>
    [...groups.values()].flatMap((group): readonly Exposure[] => {
      const [old, now] = [reached(before, group, to, family), reached(after, group, to, family)];
      const { diagram } = after.space;
      const exposure = { family, opened: diagram.diff(now, old), closed: diagram.diff(old, now) };
      return exposure.opened === EMPTY && exposure.closed === EMPTY ? [] : [exposure];
    }),
  );
}

/** Those that are one in a state are asked about together. */
function peersKey(ground: Ground, namespace: string): string {
  const station = ground.model.stations.get(namespace);
  const [first] = station === undefined ? [] : ground.peersOf(station);
  return first?.namespace ?? '';
}

function reached(ground: Ground, senders: readonly Sender[], to: readonly Address[], family: Family): Node {
  const { space } = ground;
  const { diagram } = space;
  const parties = senders.flatMap(({ namespace, addresses }): readonly Party[] => {
    const station = ground.model.stations.get(namespace);
    return station === undefined ? [] : [{ station, addresses }];
  });
  const wanted = space.addresses('destination', family, to);
  return union(
    diagram,
    send(ground, parties, family, wanted).map((outcome) => throughOf(ground, outcome, family)),
  );
}

function throughOf(ground: Ground, outcome: Outcome, family: Family): Node {
  const arrived = ground.space.diagram.or(outcome.delivered, outcome.outside);
  return through(ground.space, family, arrived, answered(ground, outcome, family));
}
