/**
 * Which ports the spanning tree protocol blocks (IEEE 802.1D, 8.6), worked out from the identifiers of the bridges and the costs of their
 * ports as the bridges themselves would. Cables without any protocol but Ethernet's and other bridges that pass its messages on are one LAN.
 */

import { DisjointSets } from '../../../collection/disjoint-sets.ts';
import { groupBy } from '../../../collection/group-by.ts';

/** A port of a bridge that speaks the protocol. */
export interface TreePort {
  readonly name: string;
  readonly bridge: string;
  readonly cost: number;
}

export interface TreeBridge {
  readonly name: string;
  /** 0 to 65535; the lowest becomes the root, and of those that have the same, the one with the lowest MAC address. */
  readonly priority: number;
  readonly mac: string;
}

export interface Tree {
  /** Names of ports. */
  readonly blocked: ReadonlySet<string>;
  /** Names of bridges of whose ports the numbers decide, which nobody gave them. */
  readonly unclear: ReadonlySet<string>;
}

/** What a bridge says on a LAN; compared part by part, lower is better. */
interface Vector {
  readonly root: string;
  readonly cost: number;
  readonly bridge: string;
}

const idOf = ({ priority, mac }: TreeBridge): string => `${priority.toString().padStart(5, '0')} ${mac}`;

function isBetter(one: Vector, other: Vector): boolean {
  if (one.root !== other.root) return one.root < other.root;
  return one.cost === other.cost ? one.bridge < other.bridge : one.cost < other.cost;
}

const best = (vectors: readonly Vector[]): Vector | undefined =>
  vectors.reduce<Vector | undefined>((found, one) => (found === undefined || isBetter(one, found) ? one : found), undefined);

/** @param joined names of ports and of whatever is between them, pair by pair */
export function spanningTree(
  bridges: readonly TreeBridge[],
  ports: readonly TreePort[],
  joined: readonly (readonly [string, string])[],
): Tree {
  const sets = new DisjointSets();
  for (const [one, other] of joined) sets.join(one, other);
  const lans = groupBy(ports, ({ name }) => sets.rootOf(name));
  const lanOf = ({ name }: TreePort): readonly TreePort[] => lans.get(sets.rootOf(name)) ?? [];
  const ids = new Map(bridges.map((bridge) => [bridge.name, idOf(bridge)]));
  const id = (bridge: string): string => ids.get(bridge) ?? '';
  const said = new Map(bridges.map(({ name }) => [name, { root: id(name), cost: 0, bridge: id(name) }]));
  const own = groupBy(ports, ({ bridge }) => bridge);
  const heard = (port: TreePort): Vector | undefined =>
    best(lanOf(port).flatMap(({ bridge }) => (bridge === port.bridge ? [] : (said.get(bridge) ?? []))));
  const through = (port: TreePort): readonly Vector[] => {
    const vector = heard(port);
    return vector === undefined ? [] : [{ ...vector, cost: vector.cost + port.cost }];
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name } of bridges) {
      const way = best((own.get(name) ?? []).flatMap(through));
      const now = said.get(name);
      if (way === undefined || now === undefined || !isBetter({ ...way, bridge: id(name) }, now)) continue;
      said.set(name, { ...way, bridge: id(name) });
      changed = true;
    }
  }
  const blocked = new Set<string>();
  const unclear = new Set<string>();
  for (const { name } of bridges) {
    const mine = own.get(name) ?? [];
    const now = said.get(name);
    const isRoot = now?.root === id(name);
    const nearest = isRoot ? undefined : best(mine.flatMap(through));
    const roots = nearest === undefined ? [] : mine.filter((port) => through(port).some((way) => !isBetter(nearest, way)));
    if (roots.length > 1) unclear.add(name);
    for (const port of mine) {
      const others = heard(port);
      const isDesignated = now !== undefined && (others === undefined || isBetter(now, others));
      if (isDesignated && lanOf(port).filter(({ bridge }) => bridge === name).length > 1) unclear.add(name);
      if (!isDesignated && !roots.includes(port)) blocked.add(port.name);
    }
  }
  return { blocked, unclear };
}
