/** What is out of order at present, and what is joined all the same. */
import { DisjointSets } from '../collection/disjoint-sets.ts';
import type { Interface, Network } from './network.ts';
import type { Trunk } from './switching/cables.ts';

/** What does not work at present, though the file has it. */
export interface Outage {
  /** Names of nodes. */
  readonly stopped: ReadonlySet<string>;
  /** Interfaces without carrier, `node/network`. */
  readonly dead: ReadonlySet<string>;
  /** Trunks that are out, by `trunkName`. */
  readonly cut: ReadonlySet<string>;
}

/** Everything is as the file has it. */
export const NOTHING_OUT: Outage = { stopped: new Set(), dead: new Set(), cut: new Set() };

/** `boxa/boxb`, in the order of the file. */
export const trunkName = ({ ends }: Trunk): string => ends.join('/');

/**
 * Interfaces that are in one broadcast domain, as long as the bridges and trunks between them are there.
 * @returns a name for the domain that a network is, or, with trunks out, that a node is in by it
 */
export function joined(network: Network, { stopped, dead, cut }: Outage): (segment: string, node?: string) => string {
  const sets = new DisjointSets();
  const first = new Map(network.segments.map(({ name, vlan }) => [name, vlan?.switches[0]]));
  const placeOf = ({ segment, switch: where }: Pick<Interface, 'segment' | 'switch'>): string =>
    `${segment} ${where ?? first.get(segment) ?? ''}`;
  for (const trunk of network.trunks) {
    if (cut.has(trunkName(trunk))) continue;
    const [one, other] = trunk.ends;
    for (const { segment } of trunk.carries) sets.join(placeOf({ segment, switch: one }), placeOf({ segment, switch: other }));
  }
  const places = new Map<string, string>();
  for (const { name, kind, interfaces } of network.nodes) {
    for (const one of interfaces) places.set(`${name}/${one.segment}`, placeOf(one));
    if (kind !== 'bridge' || stopped.has(name)) continue;
    const [one, ...others] = interfaces.filter(({ segment }) => !dead.has(`${name}/${segment}`)).map(placeOf);
    for (const other of others) if (one !== undefined) sets.join(one, other);
  }
  return (segment, node) => sets.rootOf(places.get(`${node}/${segment}`) ?? placeOf({ segment }));
}
