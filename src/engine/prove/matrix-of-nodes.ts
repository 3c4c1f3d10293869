/** Who can send what to whom, group by group or machine by machine. */
import { namespaceOf } from '../../compile/placement.ts';
import type { Node as Machine, Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import { arrivalsOf, type Block, blocksOf, type Named } from '../../proof/reach/blocks.ts';
import { asSent } from '../../proof/reach/hop.ts';
import { LOST } from '../../proof/reach/matrix.ts';
import type { Party } from '../../proof/reach/question.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import { servicesIn } from '../../proof/reach/service-words.ts';
import type { Space } from '../../proof/reach/space.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { union } from '../../proof/sets/stretches.ts';
import type { Resource } from '../../resource/kinds.ts';
import { groundFor } from './ground-for.ts';
import { type Lost, LostPackets } from './lost.ts';
import type { Matrix } from './matrix.ts';

/** A group, with those of its members that have a network stack of their own. */
export interface Members {
  readonly name: string;
  readonly nodes: readonly Machine[];
}

/** What somebody in a group may begin with somebody else in another, or in the same. */
export function groupMatrix(network: Network, resources: readonly Resource[], from: readonly Members[], to: readonly Members[]): Matrix {
  const { ground, arrivals, lost } = crossing(network, resources, nodesIn(from), nodesIn(to), true);
  const { space } = ground;
  const { diagram } = space;
  const sourcesOf = ends(space, 'source', from);
  const targetsOf = ends(space, 'destination', to);
  const cells = from.flatMap((group) => {
    const reached = (other: Members) =>
      arrivals.map(({ family, delivered }) => diagram.and(diagram.and(delivered, sourcesOf(group, family)), targetsOf(other, family)));
    const beyond = arrivals.map(({ family, outside }) => diagram.and(outside, sourcesOf(group, family)));
    return [...to.map((other) => [other.name, union(diagram, reached(other))] as const), ['outside', union(diagram, beyond)] as const]
      .filter(([, packets]) => packets !== EMPTY)
      .map(([name, packets]) => ({ from: group.name, to: name, services: servicesIn(space, packets) }));
  });
  return { cells, lost };
}

/** Machines that may do the same, and those to which it may be done, in one. */
export interface MachineMatrix {
  readonly blocks: readonly {
    readonly from: readonly string[];
    /** Names of machines, or `outside` alone. */
    readonly to: readonly string[];
    /** What each of the ones may begin with each of the others. */
    readonly services: readonly string[];
  }[];
  readonly lost: readonly Lost[];
}

/** @param outside whether it is asked too what leaves for where the file says nothing of */
export function machineMatrix(
  network: Network,
  resources: readonly Resource[],
  from: readonly Machine[],
  to: readonly Machine[],
  outside: boolean,
): MachineMatrix {
  const { ground, arrivals, lost } = crossing(network, resources, from, to, outside);
  const { space } = ground;
  const named = (node: Machine): Named => ({ name: node.name, addresses: locations(node) });
  const told = ({ from: senders, to: targets, packets }: Block<Named, Named | 'outside'>) => ({
    from: senders.map(({ name }) => name),
    to: targets.map((target) => (target === 'outside' ? target : target.name)),
    services: servicesIn(space, packets),
  });
  return { blocks: blocksOf(space, from.map(named), to.map(named), arrivals).map(told), lost };
}

function crossing(network: Network, resources: readonly Resource[], from: readonly Machine[], to: readonly Machine[], outside: boolean) {
  const ground = groundFor(network, resources);
  const parties = from.flatMap((node): readonly Party[] => {
    const station = ground.model.stations.get(namespaceOf(network.name, node.name));
    return station === undefined ? [] : [{ station, addresses: locations(node) }];
  });
  const arrivals = arrivalsOf(ground, parties, to.flatMap(locations), outside);
  const lost = new LostPackets(network, ground.space);
  for (const { family, inside, outcomes } of arrivals)
    for (const { fate, hop, packets } of outcomes.flatMap(({ leaves }) => leaves)) {
      if (!LOST.has(fate)) continue;
      const sent = ground.space.diagram.and(asSent(ground.space, hop, packets), inside);
      const sender = exampleOf(ground.space, family, sent)?.source;
      const name = from.find((node) => locations(node).some((own) => own.family === family && own.value === sender?.value))?.name;
      if (name !== undefined) lost.add(name, family, fate, hop.station, sent);
    }
  return { ground, arrivals, lost: lost.all };
}

const locations = (node: Machine) => addressesOf(node).map(({ address }) => address);

const nodesIn = (groups: readonly Members[]): readonly Machine[] => [...new Set(groups.flatMap(({ nodes }) => nodes))];

/** The addresses of groups, each found out once. */
function ends(space: Space, end: 'source' | 'destination', groups: readonly Members[]) {
  const known = new Map(
    groups.map(({ name, nodes }) => [
      name,
      { 4: space.addresses(end, 4, nodes.flatMap(locations)), 6: space.addresses(end, 6, nodes.flatMap(locations)) },
    ]),
  );
  return ({ name }: Members, family: 4 | 6) => known.get(name)?.[family] ?? EMPTY;
}
