/** Destinations beyond what a file describes. */
import type { Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import { NOT_UNICAST } from './not-unicast.ts';

/** Where nobody of the model is. */
export function elsewhere({ space, model }: Ground, family: Family): Node {
  const { diagram } = space;
  const known = [...model.stations.values()].flatMap(({ addresses }) => addresses.map(({ prefix }) => prefix));
  const taken = known.filter((prefix) => prefix.family === family).map((prefix) => space.prefix('destination', prefix));
  return diagram.diff(space.plain(family), union(diagram, [...taken, space.ranges('destination', family, NOT_UNICAST[family])]));
}
