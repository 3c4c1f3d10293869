/** All that anybody can send, with whatever source: what comes to which chains, and what is translated. */
import type { Family } from '../../address/ip.ts';
import { HOST } from '../../resource/resource.ts';
import type { Station } from '../path/model.ts';
import type { Diagram, Node } from '../sets/diagram.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import type { Situation, Witness } from './hooks.ts';
import type { Door } from './question.ts';
import { Walk } from './walk.ts';

/** Packets that come into a chain, by whatever interfaces: the situation is that of some of them. */
export interface Coming {
  readonly station: Station;
  readonly chain: string;
  readonly situation: Situation;
  readonly packets: Node;
}

/** Gathers what comes into chains. */
export class Comings {
  readonly #chains: ReadonlySet<string>;
  readonly #found = new Map<string, Omit<Coming, 'packets'> & { readonly parts: Node[] }>();

  /** @param chains names of those that are asked about */
  constructor(chains: ReadonlySet<string>) {
    this.#chains = chains;
  }

  readonly entered: NonNullable<Witness['entered']> = ({ station, chain, situation }, packets) => {
    if (!this.#chains.has(chain)) return;
    const key = `${station.namespace} ${chain} ${situation.family}`;
    const known = this.#found.get(key) ?? { station, chain, situation, parts: [] };
    this.#found.set(key, known);
    known.parts.push(packets);
  };

  all(diagram: Diagram): readonly Coming[] {
    return [...this.#found.values()].map(({ parts, ...place }) => ({ ...place, packets: union(diagram, parts) }));
  }
}

/**
 * Machines may lie about who they are; routers and the host are ours, and send under their own addresses. By its routes each:
 * whoever sends to another router than its own is not asked.
 *
 * @param doors by which anything may come in, besides the interfaces of the host that the file does not know
 */
export function flood(ground: Ground, doors: readonly Door[], witness: Witness): void {
  for (const family of [4, 6] as const) floodIn(ground, family, doors, witness);
}

function floodIn(ground: Ground, family: Family, doors: readonly Door[], witness: Witness): void {
  const { space, model } = ground;
  const all = space.plain(family);
  const host = model.stations.get(HOST);
  for (const station of model.stations.values()) {
    const members = ground.peersOf(station);
    if (station.addresses.length === 0 || members[0] !== station) continue;
    const isOurs = station === host || station.forwards(4) || station.forwards(6);
    const own = station.addresses.map(({ address }) => address);
    const packets = isOurs ? space.diagram.and(all, space.addresses('source', family, own)) : all;
    new Walk(ground, witness).from({ members, packets, family });
  }
  const entrances = host === undefined ? doors : [...doors, { station: host, device: '' }];
  for (const { station, device } of entrances)
    new Walk(ground, witness).from({ members: [station], packets: all, family, inDevice: device });
}
