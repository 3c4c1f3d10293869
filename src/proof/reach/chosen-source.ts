/** Packets with the source that the kernel takes, where whoever sends them does not say one. */
import type { Address, Family } from '../../address/ip.ts';
import type { Station } from '../path/model.ts';
import { sourceFor } from '../path/routing.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import type { Party } from './question.ts';

export function withChosenSource(ground: Ground, from: readonly Party[], family: Family): Node {
  const { space } = ground;
  return union(
    space.diagram,
    from.map(({ station, addresses }) => {
      const own = addresses.filter((address) => address.family === family);
      return own.length > 1 ? chosenBy(ground, station, own, family) : space.addresses('source', family, own);
    }),
  );
}

function chosenBy(ground: Ground, station: Station, own: readonly Address[], family: Family): Node {
  const { space } = ground;
  const parts = ground.routing(station, family).ways.map(({ route, to }) => {
    const { device, via } = route;
    if (device === undefined) return EMPTY;
    const source = sourceFor(station, via ?? { family, value: route.to.value }, { route, device });
    const isMeant = source !== undefined && own.some(({ value }) => value === source.value);
    return isMeant ? space.diagram.and(to, space.addresses('source', family, [source])) : EMPTY;
  });
  return union(space.diagram, parts);
}
