/** Which packets get from one network to another, for all there are: between subnets, whoever has their addresses. */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import { asSent } from './hop.ts';
import type { Fate, Leaf } from './leaf.ts';
import { Walk } from './walk.ts';

export interface Area {
  readonly name: string;
  readonly subnets: readonly Prefix[];
  /** Those that send from there, with their addresses in it. */
  readonly senders: readonly { readonly station: Station; readonly addresses: readonly Address[] }[];
}

/** What one area sends, and what becomes of it; packets as they are sent. */
export interface Row {
  readonly from: Area;
  readonly family: Family;
  /** By area; those to which nothing gets are absent. */
  readonly reached: ReadonlyMap<Area, Node>;
  readonly outside: Node;
  /** Packets to an area that end where no rule has decided it. */
  readonly lost: readonly { readonly fate: Fate; readonly at: Station; readonly packets: Node }[];
}

export function rowsFrom(ground: Ground, from: Area, areas: readonly Area[]): readonly Row[] {
  return ([4, 6] as const).flatMap((family) =>
    from.subnets.some((subnet) => subnet.family === family) ? [rowOf(ground, from, areas, family)] : [],
  );
}

function rowOf(ground: Ground, from: Area, areas: readonly Area[], family: Family): Row {
  const { space } = ground;
  const { diagram } = space;
  const others = areas.filter((area) => area !== from);
  const to = new Map(others.map((area) => [area, subnetsOf(ground, 'destination', area, family)]));
  const inside = union(diagram, [...to.values()]);
  const own = subnetsOf(ground, 'destination', from, family);
  const leaves = startsOf(ground, from, family).flatMap(({ members, sources }) => {
    const packets = diagram.and(diagram.diff(space.beginning(family), own), sources);
    return new Walk(ground).from({ members, packets, family });
  });
  const sentOf = (leaf: Leaf): Node => asSent(space, leaf.hop, leaf.packets);
  const arrived = union(diagram, leaves.filter(({ fate }) => fate === 'delivered' || fate === 'on-wire').map(sentOf));
  const reached = [...to].map(([area, set]) => [area, diagram.and(arrived, set)] as const).filter(([, set]) => set !== EMPTY);
  return {
    from,
    family,
    reached: new Map(reached),
    outside: union(diagram, leaves.filter(({ fate }) => fate === 'outside').map(sentOf)),
    lost: leaves
      .filter(({ fate }) => LOST.has(fate))
      .map((leaf) => ({ fate: leaf.fate, at: leaf.hop.station, packets: diagram.and(sentOf(leaf), inside) }))
      .filter(({ packets }) => packets !== EMPTY),
  };
}

/** Not by any rule. */
export const LOST: ReadonlySet<Fate> = new Set(['hop-limit', 'no-route', 'unreachable', 'not-forwarded']);

function subnetsOf({ space }: Ground, end: 'source' | 'destination', { subnets }: Area, family: Family): Node {
  const own = subnets.filter((subnet) => subnet.family === family);
  return union(
    space.diagram,
    own.map((subnet) => space.prefix(end, subnet)),
  );
}

/** Machines of a class stand for their subnets, all others for their own addresses. */
function startsOf(ground: Ground, from: Area, family: Family): readonly { readonly members: readonly Station[]; readonly sources: Node }[] {
  const classes = groupBy(from.senders, ({ station }) => ground.peersOf(station));
  return [...classes].map(([members, parties]) => ({
    members,
    sources:
      members.length > 1
        ? subnetsOf(ground, 'source', from, family)
        : ground.space.addresses(
            'source',
            family,
            parties.flatMap(({ addresses }) => addresses),
          ),
  }));
}
