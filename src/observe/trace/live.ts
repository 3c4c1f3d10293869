/** What a namespace holds now that a trace names only by numbers, or not at all. */
import type { Address } from '../../address/ip.ts';
import { routeTaken, type TakenRoute } from '../../backend/kernel/netlink/route-lookup.ts';
import { enter, pathOf, type Site, visit } from '../../backend/kernel/visit.ts';
import { NftError } from '../../backend/nftables/libnftables.ts';
import { type RulePlaces, rulePlacesHere } from '../../backend/nftables/rule-places.ts';
import { isBound } from '../../backend/process/port-owner.ts';
import { HOST } from '../../resource/resource.ts';

const NOTHING: RulePlaces = { hooks: new Map(), rules: new Map() };

export class Live {
  readonly #site: Site;
  readonly #tables = new Map<string, RulePlaces>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** The rules of a table, read once; again for a `handle` that it did not have. Nothing of a table that has gone. */
  rules(namespace: string, family: string, table: string, handle = 0): RulePlaces {
    const key = `${namespace} ${family} ${table}`;
    const known = this.#tables.get(key);
    if (known !== undefined && (handle === 0 || known.rules.has(handle))) return known;
    const found = enter(this.#site, namespace, () => rulesHere(family, table));
    this.#tables.set(key, found);
    return found;
  }

  route(namespace: string, to: Address): TakenRoute | undefined {
    return visit(this.#site, namespace, (socket) => routeTaken(socket, to));
  }

  listens(namespace: string, protocol: 'tcp' | 'udp', port: number): boolean {
    return isBound(namespace === HOST ? undefined : pathOf(this.#site, namespace), protocol, port);
  }
}

function rulesHere(family: string, table: string): RulePlaces {
  try {
    return rulePlacesHere(family, table);
  } catch (error) {
    if (error instanceof NftError) return NOTHING;
    throw error;
  }
}
