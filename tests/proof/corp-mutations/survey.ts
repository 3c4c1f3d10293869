/** All that gets anywhere in a network, and what a change of it opens and closes. */
import type { Address, Family } from '../../../src/address/ip.ts';
import { namespaceOf } from '../../../src/compile/placement.ts';
import type { Network } from '../../../src/network/network.ts';
import { addressesOf } from '../../../src/observe/ends.ts';
import { questionsOf } from '../../../src/observe/questions.ts';
import { codeOf } from '../../../src/proof/field-codes.ts';
import type { Model } from '../../../src/proof/path/model.ts';
import { Ground } from '../../../src/proof/reach/ground.ts';
import { asSent } from '../../../src/proof/reach/hop.ts';
import { landings } from '../../../src/proof/reach/landing.ts';
import { answered, type Party, send } from '../../../src/proof/reach/question.ts';
import type { Space } from '../../../src/proof/reach/space.ts';
import { Walk } from '../../../src/proof/reach/walk.ts';
import type { Node } from '../../../src/proof/sets/diagram.ts';
import { EMPTY } from '../../../src/proof/sets/node-table.ts';
import { union } from '../../../src/proof/sets/stretches.ts';
import type { Table } from '../../../src/resource/table.ts';
import { setOf } from '../set-of-packet.ts';
import { ofConnections } from './connections.ts';
import type { Found } from './found.ts';
import { refusalsAt } from './refusals.ts';

export interface Survey {
  /** As they were sent, and as they arrived; their sources say who sent them. */
  readonly honest: ReadonlyMap<string, Found>;
  /** By who sends them with sources that are others'. */
  readonly forged: ReadonlyMap<string, Found>;
  /** By place and interfaces. */
  readonly tracked: ReadonlyMap<string, Found>;
  /** What is refused, by place, interfaces, and what is told. */
  readonly refused: ReadonlyMap<string, Found>;
  /** What those that have rules send to themselves, by where it gets: their NAT may lead it elsewhere. */
  readonly selves: ReadonlyMap<string, Found>;
}

export const allAddresses = ({ nodes }: Network): readonly Address[] =>
  nodes.flatMap((node) => addressesOf(node).map(({ address }) => address));

type Locally = Pick<Survey, 'tracked' | 'refused'>;

const ANSWERED = 'answered';

export class Surveyor {
  readonly #space: Space;
  readonly #network: Network;
  readonly #known = new WeakMap<Table, Locally>();

  constructor(space: Space, network: Network) {
    this.#space = space;
    this.#network = network;
  }

  /** @param changed the namespace that is another than in what was surveyed before */
  survey(model: Model, changed?: string): Survey {
    const ground = new Ground(this.#space, model);
    const found = {
      honest: this.#honest(ground),
      forged: this.#forged(ground, changed),
      tracked: this.#locally(ground, 'tracked'),
      refused: this.#locally(ground, 'refused'),
      selves: this.#selves(ground),
    };
    for (const { packets } of allOf(found)) this.#space.diagram.keep(packets);
    return found;
  }

  #honest(ground: Ground): ReadonlyMap<string, Found> {
    const { diagram } = this.#space;
    const found = new Map<string, Found>();
    const note = (what: string, family: Family, packets: Node): void => {
      const key = `${what}, IPv${family}`;
      found.set(key, { family, packets: diagram.or(found.get(key)?.packets ?? EMPTY, packets) });
    };
    const parties = this.#network.nodes.flatMap((node) => this.#party(ground, node.name, addressesIn(node)));
    for (const family of [4, 6] as const)
      for (const outcome of send(ground, parties, family, this.#space.plain(family))) {
        note(ANSWERED, family, answered(ground, outcome, family));
        note('gets outside', family, outcome.outside);
        for (const { fate, hop, packets } of outcome.leaves) {
          if (fate !== 'delivered') continue;
          note(`to ${hop.station.namespace}, as sent`, family, asSent(this.#space, hop, packets));
          note(`to ${hop.station.namespace}, as it arrives`, family, packets);
        }
      }
    return found;
  }

  /** One of those that differ in nothing but their addresses is enough, unless it is what lies between them that has changed. */
  #forged(ground: Ground, changed: string | undefined): ReadonlyMap<string, Found> {
    const { diagram } = this.#space;
    const found = new Map<string, Found>();
    const parties = this.#network.nodes.flatMap((node) => this.#party(ground, node.name, []));
    const isEverybody = changed === undefined || !parties.some(({ station }) => station.namespace === changed);
    for (const { station } of parties) {
      const { namespace } = station;
      const members = ground.peersOf(station);
      const [first] = members;
      if (!isEverybody && namespace !== changed && first !== undefined && first !== station && first.namespace !== changed) continue;
      for (const family of [4, 6] as const) {
        const others = diagram.diff(this.#space.plain(family), ground.local(station, family));
        const leaves = new Walk(ground).from({ members, packets: others, family });
        const delivered = leaves
          .flatMap((leaf) => (leaf.fate === 'on-wire' ? landings(ground, leaf, family) : [leaf]))
          .filter(({ fate }) => fate === 'delivered')
          .map(({ hop, packets }) => asSent(this.#space, hop, packets));
        found.set(`${namespace}, with any source, IPv${family}`, { family, packets: union(diagram, delivered) });
      }
    }
    return found;
  }

  /** By place. Where the rules of one are as they were, so is what they do. */
  #locally(ground: Ground, what: keyof Locally): ReadonlyMap<string, Found> {
    const all = [...ground.model.stations.values()].flatMap((station) => {
      const [only, ...others] = station.tables.map(({ table }) => table);
      const known = only !== undefined && others.length === 0 ? this.#known.get(only) : undefined;
      const found = known ?? { tracked: ofConnections(ground, station), refused: refusalsAt(ground, station) };
      if (only !== undefined) this.#known.set(only, found);
      return [...found[what]];
    });
    return new Map(all);
  }

  #selves(ground: Ground): ReadonlyMap<string, Found> {
    const space = this.#space;
    const { diagram } = space;
    const found = new Map<string, Found>();
    for (const station of ground.model.stations.values()) {
      if (station.tables.length === 0) continue;
      const addresses = station.addresses.map(({ address }) => address);
      for (const family of [4, 6] as const) {
        const own = diagram.and(space.addresses('source', family, addresses), ground.local(station, family));
        const leaves = new Walk(ground).from({ members: [station], packets: diagram.and(space.plain(family), own), family });
        for (const { fate, hop, packets } of leaves.flatMap((leaf) =>
          leaf.fate === 'on-wire' ? landings(ground, leaf, family) : [leaf],
        )) {
          if (fate !== 'delivered') continue;
          const key = `${station.namespace} to itself, comes to ${hop.station.namespace}, IPv${family}`;
          found.set(key, { family, packets: diagram.or(found.get(key)?.packets ?? EMPTY, asSent(space, hop, packets)) });
        }
      }
    }
    return found;
  }

  #party({ model }: Ground, name: string, addresses: readonly Address[]): readonly Party[] {
    const station = model.stations.get(namespaceOf(this.#network.name, name));
    return station === undefined ? [] : [{ station, addresses }];
  }
}

const addressesIn = (node: Network['nodes'][number]): readonly Address[] => addressesOf(node).map(({ address }) => address);

const allOf = (survey: Survey): readonly Found[] =>
  [survey.honest, survey.forged, survey.tracked, survey.refused, survey.selves].flatMap((found) => [...found.values()]);

export const release = (space: Space, found: Survey): void => {
  for (const { packets } of allOf(found)) space.diagram.release(packets);
};

/** Promises of which a packet is answered that should not be, or is not that should. */
export function brokenPromises(space: Space, network: Network, found: Survey): readonly string[] {
  return questionsOf(network).flatMap(({ expectation, asks }) => {
    const broken = asks.some(({ probe: { from, source, to, protocol, port }, expected }) => {
      const { family } = to;
      const node = network.nodes.find(({ name }) => name === from);
      const own = source === undefined && node !== undefined ? addressesOf(node).map(({ address }) => address) : [source];
      const packets = found.honest.get(`${ANSWERED}, IPv${family}`)?.packets ?? EMPTY;
      const isAnswered = own.some((address) => {
        if (address === undefined || address.family !== family) return false;
        const transport =
          protocol === 'icmp'
            ? echoOf(family)
            : { protocol: Number(codeOf('inet_proto', protocol)), sourcePort: 40_000, destinationPort: port ?? 0 };
        const one = setOf(space, { family, source: address, destination: to, ...transport });
        return space.diagram.and(one, packets) !== EMPTY;
      });
      return isAnswered !== (expected === 'answer');
    });
    return broken ? [expectation.origin.join('.')] : [];
  });
}

const echoOf = (family: Family) => ({
  protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
  icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request')),
});
