/** Who can send what to whom, network by network; and what gets lost on the way without any rule having said so. */
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import { modelOf } from '../../proof/path/model.ts';
import { Ground } from '../../proof/reach/ground.ts';
import { type Area, rowsFrom } from '../../proof/reach/matrix.ts';
import { servicesIn } from '../../proof/reach/service-words.ts';
import { Space } from '../../proof/reach/space.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { union } from '../../proof/sets/stretches.ts';
import type { Resource } from '../../resource/kinds.ts';
import { type Lost, LostPackets } from './lost.ts';

interface Cell {
  readonly from: string;
  /** A network, or `outside`: by the host to where the file says nothing of. */
  readonly to: string;
  /** What some machine of the one may begin with some machine of the other. */
  readonly services: readonly string[];
}

export interface Matrix {
  /** Without those between which nothing passes. */
  readonly cells: readonly Cell[];
  readonly lost: readonly Lost[];
}

/** @param names of the networks that are asked about; all unless given */
export function matrix(network: Network, resources: readonly Resource[], names?: readonly string[], toNames = names): Matrix {
  const model = modelOf(resources);
  const ground = new Ground(new Space([model]), model);
  const { space } = ground;
  const areasOf = (wanted: readonly string[] | undefined): readonly Area[] => areas.filter(({ name }) => wanted?.includes(name) !== false);
  const areas = network.segments.map(({ name, subnets }): Area => ({ name, subnets, senders: sendersIn(network, ground, name) }));
  const cells: Cell[] = [];
  const lost = new LostPackets(network, space);
  for (const area of areasOf(names)) {
    // What was found out about the area before is of no use for this one; routes and the like are kept.
    space.sets.collect();
    const targets = areasOf(toNames);
    const rows = rowsFrom(ground, area, targets);
    for (const to of targets) {
      const sets = rows.flatMap(({ reached }) => reached.get(to) ?? []);
      if (sets.length > 0) cells.push({ from: area.name, to: to.name, services: servicesIn(space, union(space.diagram, sets)) });
    }
    const outside = union(
      space.diagram,
      rows.map((row) => row.outside),
    );
    if (outside !== EMPTY) cells.push({ from: area.name, to: 'outside', services: servicesIn(space, outside) });
    for (const { family, lost: ends } of rows) for (const { fate, at, packets } of ends) lost.add(area.name, family, fate, at, packets);
  }
  return { cells, lost: lost.all };
}

function sendersIn(network: Network, ground: Ground, segment: string): Area['senders'] {
  return network.nodes.flatMap((node) => {
    const station = node.kind === 'machine' ? ground.model.stations.get(namespaceOf(network.name, node.name)) : undefined;
    const addresses = addressesOf(node).flatMap((located) => (located.segment === segment ? [located.address] : []));
    return station === undefined || addresses.length === 0 ? [] : [{ station, addresses }];
  });
}
