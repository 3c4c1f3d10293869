/** Destinations beyond what a file describes. */
import type { Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import type { Space } from './space.ts';

/** Where nobody of the model is. */
export function elsewhere({ space, model }: Ground, family: Family): Node {
  const { diagram } = space;
  const known = [...model.stations.values()].flatMap(({ addresses }) => addresses.map(({ prefix }) => prefix));
  const taken = known.filter((prefix) => prefix.family === family).map((prefix) => space.prefix('destination', prefix));
  return diagram.diff(space.plain(family), union(diagram, [...taken, notUnicast(space, family)]));
}

/** Loopback, multicast, broadcast and link-local destinations: none of them is beyond a router. */
function notUnicast(space: Space, family: Family): Node {
  const ranges =
    family === 4
      ? [
          { from: 0n, to: (1n << 24n) - 1n },
          { from: 127n << 24n, to: (128n << 24n) - 1n },
          { from: 0xa9fe0000n, to: 0xa9feffffn },
          { from: 224n << 24n, to: (1n << 32n) - 1n },
        ]
      : [
          { from: 0n, to: 1n },
          { from: 0xfe80n << 112n, to: (1n << 128n) - 1n },
        ];
  return space.ranges('destination', family, ranges);
}
