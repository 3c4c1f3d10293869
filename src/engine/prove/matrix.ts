/** Who can send what to whom, network by network; and what gets lost on the way without any rule having said so. */
import { formatAddress } from '../../address/format.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import { modelOf } from '../../proof/path/model.ts';
import { Ground } from '../../proof/reach/ground.ts';
import { type Area, rowsFrom } from '../../proof/reach/matrix.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import { servicesIn } from '../../proof/reach/service-words.ts';
import { Space } from '../../proof/reach/space.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { union } from '../../proof/sets/stretches.ts';
import type { Resource } from '../../resource/kinds.ts';
import { nameOfNamespace } from '../explain/explain.ts';
import { packetName } from './why-not.ts';

interface Cell {
  readonly from: string;
  /** A network, or `outside`: by the host to where the file says nothing of. */
  readonly to: string;
  /** What some machine of the one may begin with some machine of the other. */
  readonly services: readonly string[];
}

interface Lost {
  readonly what: 'loop' | 'no route' | 'not forwarded';
  readonly from: string;
  /** The machine or router where it ends. */
  readonly at: string;
  /** `10.1.0.10 -> 10.9.0.1 tcp/80`. */
  readonly example: string;
}

export interface Matrix {
  /** Without those between which nothing passes. */
  readonly cells: readonly Cell[];
  readonly lost: readonly Lost[];
}

/** @param names of the networks that are asked about; all unless given */
export function matrix(network: Network, resources: readonly Resource[], names?: readonly string[]): Matrix {
  const model = modelOf(resources);
  const ground = new Ground(new Space([model]), model);
  const { space } = ground;
  const chosen = network.segments.filter(({ name }) => names === undefined || names.includes(name));
  const areas = chosen.map(({ name, subnets }): Area => ({ name, subnets, senders: sendersIn(network, ground, name) }));
  const cells: Cell[] = [];
  const lost = new Map<string, Lost>();
  for (const area of areas) {
    // What was found out about the area before is of no use for this one; routes and the like are kept.
    space.sets.collect();
    const rows = rowsFrom(ground, area, areas);
    for (const to of areas) {
      const sets = rows.flatMap(({ reached }) => reached.get(to) ?? []);
      if (sets.length > 0) cells.push({ from: area.name, to: to.name, services: servicesIn(space, union(space.diagram, sets)) });
    }
    const outside = union(
      space.diagram,
      rows.map((row) => row.outside),
    );
    if (outside !== EMPTY) cells.push({ from: area.name, to: 'outside', services: servicesIn(space, outside) });
    for (const { family, lost: ends } of rows)
      for (const { fate, at, packets } of ends) {
        const example = exampleOf(space, family, packets);
        const where = nameOfNamespace(network, at.namespace);
        const what = fate === 'hop-limit' ? 'loop' : fate === 'not-forwarded' ? 'not forwarded' : 'no route';
        const key = [what, area.name, where, family].join(' ');
        if (example === undefined || lost.has(key)) continue;
        const text = `${formatAddress(example.source)} -> ${formatAddress(example.destination)} ${packetName(example)}`;
        lost.set(key, { what, from: area.name, at: where, example: text });
      }
  }
  return { cells, lost: [...lost.values()] };
}

function sendersIn(network: Network, ground: Ground, segment: string): Area['senders'] {
  return network.nodes.flatMap((node) => {
    const station = node.kind === 'machine' ? ground.model.stations.get(namespaceOf(network.name, node.name)) : undefined;
    const addresses = addressesOf(node).flatMap((located) => (located.segment === segment ? [located.address] : []));
    return station === undefined || addresses.length === 0 ? [] : [{ station, addresses }];
  });
}
