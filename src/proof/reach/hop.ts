/** What became of packets at one station, and so on back to where they were sent. */
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimage, preimages, type Rewriting } from '../sets/rewriting.ts';
import { union } from '../sets/stretches.ts';
import type { Space } from './space.ts';

export interface Hop {
  readonly station: Station;
  /** Those that it stands for; a class of machines on one switch is one. */
  readonly members: readonly Station[];
  /** Absent where they were sent. */
  readonly inDevice?: string;
  /** Nothing where they were sent; several where ways have come together. */
  readonly before: readonly Came[];
  /** As they came, or were sent. */
  readonly arrived: Node;
  /** In the order in which they were made; at most one of destinations and one of sources. */
  readonly rewritten: readonly Rewritten[];
  /** Here or before, or by flows in between: where nothing was, packets are as they were sent. */
  readonly isTranslated: boolean;
}

/** What came from one hop to the next, as it left. */
interface Came {
  readonly hop: Hop;
  readonly packets: Node;
  /** What flows of switches in between have made of it. */
  readonly rewritings?: readonly Rewriting[];
}

export interface Rewritten {
  readonly what: 'destination' | 'source';
  readonly rewriting: Rewriting;
}

/** Of packets as they are at the end of a hop, what they were when they were sent. */
export function asSent(space: Space, hop: Hop, packets: Node): Node {
  const { diagram } = space;
  const sent: Node[] = [];
  // Ways that come together are gone back once; all that come to a hop have as many behind them.
  for (let round = new Map([[hop, packets]]); round.size > 0; ) {
    const earlier = new Map<Hop, Node>();
    for (const [at, set] of round) {
      const own = at.isTranslated ? asArrived(space, at, set) : set;
      if (!at.isTranslated || at.before.length === 0) sent.push(own);
      else
        for (const { hop: before, packets: came, rewritings = [] } of at.before) {
          const left = diagram.and(preimages(space.sets, rewritings, own), came);
          earlier.set(before, diagram.or(earlier.get(before) ?? EMPTY, left));
        }
    }
    round = earlier;
  }
  return union(diagram, sent);
}

export function asArrived(space: Space, { arrived, rewritten }: Hop, packets: Node): Node {
  const before = rewritten.reduceRight((set, { rewriting }) => preimage(space.sets, rewriting, set), packets);
  return space.diagram.and(before, arrived);
}

/** From where they were sent on, where no ways come together. */
export function pathOf(hop: Hop): readonly Hop[] {
  const path: Hop[] = [];
  for (let at: Hop | undefined = hop; at !== undefined; at = at.before[0]?.hop) path.unshift(at);
  return path;
}
