/**
 * What gets from one network to another, for all packets there are: between subnets, whoever has their addresses.
 *
 * All networks send at once, and their packets are told apart by their sources where they have arrived.
 */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { lastOf } from '../../address/prefix.ts';
import { groupBy } from '../../collection/group-by.ts';
import { type Interval, merged } from '../../resource/ruleset/interval.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { intersection, union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import { asSent } from './hop.ts';
import type { Fate, Leaf } from './leaf.ts';
import { askedIn } from './service-words.ts';
import { type Start, Walk } from './walk.ts';

export interface Area {
  readonly name: string;
  readonly subnets: readonly Prefix[];
  /** Those that send from there, with their addresses in it. */
  readonly senders: readonly { readonly station: Station; readonly addresses: readonly Address[] }[];
}

/** What one area sends in one family, and what becomes of it. */
export interface Row {
  readonly from: Area;
  readonly family: Family;
  /** By area, what is asked for (`askedIn`); those to which nothing gets are absent. */
  readonly reached: ReadonlyMap<Area, Node>;
  readonly outside: Node;
  /** Packets to an area, as they are sent, that end where no rule has decided it. */
  readonly lost: readonly { readonly fate: Fate; readonly at: Station; readonly packets: Node }[];
}

/** In the order of the areas. */
export function rowsFrom(ground: Ground, from: readonly Area[], to: readonly Area[]): readonly Row[] {
  const rows = ([4, 6] as const).flatMap((family) => {
    const senders = from
      .filter(({ subnets }) => subnets.some((subnet) => subnet.family === family))
      .map((area): Sender => ({ area, ...sourcesOf(ground, area, family) }));
    return apart(ground, senders).flatMap((some) => rowsOf(ground, some, to, family));
  });
  return from.flatMap((area) => rows.filter((row) => row.from === area));
}

interface Sender {
  readonly area: Area;
  readonly starts: readonly Pick<Start, 'members' | 'packets' | 'sources'>[];
  /** Packets with a source that one of them may have. */
  readonly all: Node;
}

function rowsOf(ground: Ground, senders: readonly Sender[], to: readonly Area[], family: Family): readonly Row[] {
  const { space } = ground;
  const { diagram } = space;
  const starts = senders.flatMap(({ area, starts: own }) => {
    const beginning = diagram.diff(space.beginning(family), subnetsOf(ground, area, family));
    return own.map((start): Start => ({ ...start, packets: diagram.and(beginning, start.packets), family }));
  });
  const leaves = new Walk(ground).fromAll(starts, family);
  const sentOf = (leaf: Leaf): Node => asSent(space, leaf.hop, leaf.packets);
  const arrived = union(diagram, leaves.filter(({ fate }) => fate === 'delivered' || fate === 'on-wire').map(sentOf));
  const bySource = (packets: Node): Node => askedIn(space, packets, 'source');
  const asked = to.map((area) => [area, bySource(diagram.and(arrived, subnetsOf(ground, area, family)))] as const);
  const outside = bySource(union(diagram, leaves.filter(({ fate }) => fate === 'outside').map(sentOf)));
  const lost = leaves
    .filter(({ fate }) => LOST.has(fate))
    .map((leaf) => ({ fate: leaf.fate, at: leaf.hop.station, packets: sentOf(leaf) }));
  const source = space.sets.bitsOfSlots('source');
  return senders.map(({ area: from, starts: own, all }): Row => {
    const others = to.filter((area) => area !== from);
    const inside = union(
      diagram,
      others.map((area) => subnetsOf(ground, area, family)),
    );
    const reached = asked.map(([area, packets]) => [area, area === from ? EMPTY : diagram.andExists(packets, all, source)] as const);
    return {
      from,
      family,
      reached: new Map(reached.filter(([, packets]) => packets !== EMPTY)),
      outside: diagram.andExists(outside, all, source),
      lost: own
        .flatMap((start) => lost.map((end) => ({ ...end, packets: intersection(diagram, [end.packets, inside, start.packets]) })))
        .filter(({ packets }) => packets !== EMPTY),
    };
  });
}

/** Not by any rule. */
export const LOST: ReadonlySet<Fate> = new Set(['hop-limit', 'no-route', 'unreachable', 'not-forwarded']);

/** In as few lots as may be, in none of which two areas have a source in common: networks that nothing joins may have the same subnet. */
function apart({ space: { diagram } }: Ground, senders: readonly Sender[]): readonly (readonly Sender[])[] {
  const lots: { readonly senders: Sender[]; all: Node }[] = [];
  for (const sender of senders) {
    const lot = lots.find(({ all }) => diagram.and(all, sender.all) === EMPTY);
    if (lot === undefined) lots.push({ senders: [sender], all: sender.all });
    else {
      lot.senders.push(sender);
      lot.all = diagram.or(lot.all, sender.all);
    }
  }
  return lots.map((lot) => lot.senders);
}

const subnetsOf = (ground: Ground, area: Area, family: Family): Node => ground.space.ranges('destination', family, rangesOf(area, family));

const rangesOf = ({ subnets }: Area, family: Family): readonly Interval[] =>
  merged(subnets.filter((subnet) => subnet.family === family).map((subnet) => ({ from: subnet.value, to: lastOf(subnet) })));

/** Machines of a class stand for their subnets, all others for their own addresses. */
function sourcesOf(ground: Ground, from: Area, family: Family): Omit<Sender, 'area'> {
  const { space } = ground;
  const classes = groupBy(from.senders, ({ station }) => ground.peersOf(station));
  const starts = [...classes].map(([members, parties]) => {
    const own = parties.flatMap(({ addresses }) => addresses.filter((address) => address.family === family));
    const sources = members.length > 1 ? rangesOf(from, family) : merged(own.map(({ value }) => ({ from: value, to: value })));
    return { members, packets: space.ranges('source', family, sources), sources };
  });
  return {
    starts,
    all: union(
      space.diagram,
      starts.map(({ packets }) => packets),
    ),
  };
}
