/** Who can send what to whom, network by network; and what gets lost on the way without any rule having said so. */
import { groupBy } from '../../collection/group-by.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import type { Ground } from '../../proof/reach/ground.ts';
import { type Area, rowsFrom } from '../../proof/reach/matrix.ts';
import { wordsForAsked } from '../../proof/reach/service-words.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import type { Resource } from '../../resource/kinds.ts';
import { groundFor } from './ground-for.ts';
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

/** Names of the networks that are asked about; all unless given. */
interface Between {
  readonly from?: readonly string[] | undefined;
  readonly to?: readonly string[] | undefined;
}

export function matrix(network: Network, resources: readonly Resource[], between: Between = {}): Matrix {
  const ground = groundFor(network, resources);
  const sendersIn = sendersOf(network, ground);
  const areas = network.segments.map(({ name, subnets }): Area => ({ name, subnets, senders: sendersIn(name) }));
  const areasOf = (wanted: readonly string[] | undefined): readonly Area[] => areas.filter(({ name }) => wanted?.includes(name) !== false);
  const [from, to] = [areasOf(between.from), areasOf(between.to)];
  const rows = groupBy(rowsFrom(ground, from, to), (row) => row.from);
  const lost = new LostPackets(network, ground.space);
  const cells = from.flatMap((area): readonly Cell[] => {
    const own = rows.get(area) ?? [];
    for (const { family, lost: ends } of own) for (const { fate, at, packets } of ends) lost.add(area.name, family, fate, at, packets);
    const sets = [
      ...to.map((other) => ({ to: other.name, asked: own.map(({ family, reached }) => ({ family, asked: reached.get(other) ?? EMPTY })) })),
      { to: 'outside', asked: own.map(({ family, outside }) => ({ family, asked: outside })) },
    ];
    return sets
      .map((cell) => ({ to: cell.to, asked: cell.asked.filter(({ asked }) => asked !== EMPTY) }))
      .filter(({ asked }) => asked.length > 0)
      .map((cell) => ({ from: area.name, to: cell.to, services: wordsForAsked(ground.space, cell.asked) }));
  });
  return { cells, lost: lost.all };
}

/** By network, who sends from there. */
function sendersOf(network: Network, ground: Ground): (segment: string) => Area['senders'] {
  const senders = network.nodes.flatMap((node) => {
    const station = node.kind === 'machine' ? ground.model.stations.get(namespaceOf(network.name, node.name)) : undefined;
    if (station === undefined) return [];
    const located = groupBy(addressesOf(node), ({ segment }) => segment);
    return [...located].map(([segment, own]) => ({ segment, sender: { station, addresses: own.map(({ address }) => address) } }));
  });
  const bySegment = groupBy(senders, ({ segment }) => segment);
  return (segment) => bySegment.get(segment)?.map(({ sender }) => sender) ?? [];
}
