/** What is out of order at present, and what is joined all the same. */
import { DisjointSets } from '../collection/disjoint-sets.ts';
import type { Network } from './network.ts';

/** What does not work at present, though the file has it. */
export interface Outage {
  /** Names of nodes. */
  readonly stopped: ReadonlySet<string>;
  /** Interfaces without carrier, `node/network`. */
  readonly dead: ReadonlySet<string>;
}

/** Segments that are one broadcast domain, as long as the bridges between them are there. */
export function joined(network: Network, { stopped, dead }: Outage): (segment: string) => string {
  const sets = new DisjointSets();
  for (const { name, kind, interfaces } of network.nodes) {
    if (kind !== 'bridge' || stopped.has(name)) continue;
    const [first, ...others] = interfaces.map(({ segment }) => segment).filter((segment) => !dead.has(`${name}/${segment}`));
    for (const other of others) if (first !== undefined) sets.join(first, other);
  }
  return (segment) => sets.rootOf(segment);
}
