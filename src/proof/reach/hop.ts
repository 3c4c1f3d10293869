/** What became of packets at one station, and so on back to where they were sent. */
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { preimage, type Rewriting } from '../sets/rewriting.ts';
import type { Space } from './space.ts';

export interface Hop {
  readonly station: Station;
  /** Those that it stands for; a class of machines on one switch is one. */
  readonly members: readonly Station[];
  /** Absent where they were sent. */
  readonly inDevice?: string;
  readonly before?: Hop;
  /** As they came, or were sent. */
  readonly arrived: Node;
  /** In the order in which they were made; at most one of destinations and one of sources. */
  readonly rewritten: readonly Rewritten[];
}

export interface Rewritten {
  readonly what: 'destination' | 'source';
  readonly rewriting: Rewriting;
}

/** Of packets as they are at the end of a hop, what they were when they were sent. */
export function asSent(space: Space, hop: Hop, packets: Node): Node {
  let set = packets;
  for (let at: Hop | undefined = hop; at !== undefined; at = at.before) set = asArrived(space, at, set);
  return set;
}

export function asArrived(space: Space, { arrived, rewritten }: Hop, packets: Node): Node {
  const before = rewritten.reduceRight((set, { rewriting }) => preimage(space.sets, rewriting, set), packets);
  return space.diagram.and(before, arrived);
}

/** From where they were sent on. */
export function pathOf(hop: Hop): readonly Hop[] {
  const path: Hop[] = [];
  for (let at: Hop | undefined = hop; at !== undefined; at = at.before) path.unshift(at);
  return path;
}
