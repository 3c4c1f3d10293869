/** Who can reach whom: packets that a group of stations sends, and what becomes of all of them. */
import type { Address, Family } from '../../address/ip.ts';
import { overlaps } from '../../address/prefix.ts';
import { groupBy } from '../../collection/group-by.ts';
import { HOST } from '../../resource/resource.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { intersection, union } from '../sets/stretches.ts';
import { Answers } from './answers.ts';
import type { Ground } from './ground.ts';
import { asSent } from './hop.ts';
import { landings } from './landing.ts';
import type { Leaf } from './leaf.ts';
import type { Space } from './space.ts';
import { Walk } from './walk.ts';

/** One station, and those of its addresses that are meant. */
export interface Party {
  readonly station: Station;
  readonly addresses: readonly Address[];
}

/** Sets of packets as they were sent. */
export interface Outcome {
  readonly sent: Node;
  readonly delivered: Node;
  /** Those that left the host for where the file says nothing of. */
  readonly outside: Node;
  readonly leaves: readonly Leaf[];
}

/** Nobody talks over the network to itself. */
export function send(ground: Ground, sources: readonly Party[], family: Family, wanted: Node): readonly Outcome[] {
  const { space } = ground;
  const { diagram } = space;
  const classes = groupBy(sources, ({ station }) => ground.peersOf(station));
  return [...classes.values()].flatMap((parties): readonly Outcome[] => {
    const own = parties.map(({ station, addresses }) => {
      const from = space.addresses('source', family, addresses);
      return diagram.diff(from, diagram.and(from, ground.local(station, family)));
    });
    const sent = diagram.and(diagram.and(space.plain(family), wanted), union(diagram, own));
    if (sent === EMPTY) return [];
    const [party] = parties;
    if (party === undefined) return [];
    const members = ground.peersOf(party.station);
    const leaves = new Walk(ground).from({ members, packets: sent, family });
    return [outcomeOf(ground, sent, leaves, family)];
  });
}

/** From beyond the host: with addresses that nobody here has, in by an interface that the file does not know. */
export function sendFromOutside(ground: Ground, family: Family, wanted: Node): readonly Outcome[] {
  const { space, model } = ground;
  const { diagram } = space;
  const host = model.stations.get(HOST);
  if (host === undefined) return [];
  const routes = [...model.stations.values()].flatMap((station) => (station === host ? [] : station.addresses));
  const known = union(
    diagram,
    routes.map(({ prefix }) => (prefix.family === family && prefix.length > 0 ? space.prefix('source', prefix) : EMPTY)),
  );
  const own = space.addresses(
    'source',
    family,
    host.addresses.map(({ address }) => address),
  );
  const sent = diagram.diff(diagram.diff(diagram.and(space.plain(family), wanted), known), own);
  const leaves = new Walk(ground).from({ members: [host], packets: sent, family, inDevice: '' });
  return [outcomeOf(ground, sent, leaves, family)];
}

/** An interface behind which there is more than the file describes. */
export interface Door {
  readonly station: Station;
  readonly device: string;
}

/** In by a door, with addresses that nobody here has: of the subnets of that interface, or of none. */
export function sendByDoor(ground: Ground, { station, device }: Door, family: Family, wanted: Node): Outcome {
  const { space, model } = ground;
  const { diagram } = space;
  const all = [...model.stations.values()].flatMap(({ addresses }) => addresses).filter(({ prefix }) => prefix.family === family);
  const near = station.addresses.filter((own) => own.device === device && own.prefix.family === family);
  const elsewhere = all.filter(({ prefix }) => prefix.length > 0 && !near.some((own) => overlaps(own.prefix, prefix)));
  const taken = union(diagram, [
    ...elsewhere.map(({ prefix }) => space.prefix('source', prefix)),
    space.addresses(
      'source',
      family,
      all.map(({ address }) => address),
    ),
  ]);
  const sent = diagram.diff(diagram.and(space.plain(family), wanted), taken);
  const leaves = new Walk(ground).from({ members: [station], packets: sent, family, inDevice: device });
  return outcomeOf(ground, sent, leaves, family);
}

function outcomeOf(ground: Ground, sent: Node, ends: readonly Leaf[], family: Family): Outcome {
  const { diagram } = ground.space;
  const leaves = ends.flatMap((leaf) => (leaf.fate === 'on-wire' ? landings(ground, leaf, family) : [leaf]));
  const all = (fate: Leaf['fate']): Node =>
    union(
      diagram,
      leaves.filter((leaf) => leaf.fate === fate).map(({ hop, packets }) => asSent(ground.space, hop, packets)),
    );
  return { sent, delivered: all('delivered'), outside: all('outside'), leaves };
}

/** Of what was delivered, what is answered; of what left for outside nothing is known, and it counts as answered. */
export function answered(ground: Ground, { leaves, outside }: Outcome, family: Family): Node {
  const answers = new Answers(ground);
  return union(ground.space.diagram, [
    outside,
    ...leaves.filter(({ fate }) => fate === 'delivered').map((leaf) => answers.to(leaf, family)),
  ]);
}

/** Nothing comes of TCP or a question of ICMP without its answer; of all else, to arrive is enough. */
export function through(space: Space, family: Family, arrived: Node, back: Node): Node {
  const { diagram } = space;
  const talking = space.sets.among(['meta l4proto'], [['tcp'], [family === 4 ? 'icmp' : 'ipv6-icmp']]);
  return diagram.or(diagram.diff(arrived, talking), intersection(diagram, [back, talking, space.beginning(family)]));
}
