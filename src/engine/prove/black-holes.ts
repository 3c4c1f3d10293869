/** Routes and forwards that lead nowhere: to a router that has no way on, round in a circle, or to an address that nobody has. */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { containsAddress, overlaps } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../../network/network.ts';
import { commentOf } from '../../proof/evaluate.ts';
import { follow } from '../../proof/path/follow.ts';
import type { ModelRoute, Station } from '../../proof/path/model.ts';
import { same } from '../../proof/path/routing.ts';
import type { Ending, Step, Trace } from '../../proof/path/step.ts';
import type { Ground } from '../../proof/reach/ground.ts';
import { asSent, pathOf } from '../../proof/reach/hop.ts';
import type { Fate, Leaf } from '../../proof/reach/leaf.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import type { Node } from '../../proof/sets/diagram.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { union } from '../../proof/sets/stretches.ts';
import { nameOfDown, nameOfNamespace } from '../explain/place-names.ts';
import { doorsOf } from './doors.ts';
import { packetName } from './why-not.ts';

export interface BlackHole {
  /** `route 10.9.0.0/24 via 10.1.0.2`, `forward to 10.1.0.9`. */
  readonly what: string;
  /** Whose it is: a machine, a router, or `host`. */
  readonly of: string;
  /** `core has no route`, `nobody has 10.1.0.2`. */
  readonly why: string;
  /** `10.1.0.10 -> 10.9.0.1 tcp/80`. */
  readonly example: string;
  /** Of a route that the file says, or that follows from what it says. */
  readonly origin?: Origin;
  /** Of a forward: where in the file it stands, as a rule's comment. */
  readonly because?: string;
}

/** Packets that somebody sends, by how they end. */
export interface Ended {
  readonly family: Family;
  readonly leaves: readonly Leaf[];
}

const ENDS: ReadonlySet<Fate> = new Set(['no-route', 'unreachable', 'not-forwarded', 'hop-limit', 'nobody-there']);

/** Of one leaf, so many are looked for. */
const MOST = 50;

export class BlackHoles {
  readonly #network: Network;
  readonly #ground: Ground;
  readonly #asked: Asked;
  readonly #found = new Map<string, BlackHole>();

  constructor(network: Network, ground: Ground) {
    this.#network = network;
    this.#ground = ground;
    this.#asked = askedIn(network, ground);
  }

  get found(): readonly BlackHole[] {
    return [...this.#found.values()];
  }

  add({ family, leaves }: Ended): void {
    for (const leaf of leaves) {
      // Whoever sends it and has no route for it, or one that says so, is no black hole.
      const isOwn = leaf.hop.before.length === 0 && leaf.fate !== 'nobody-there';
      if (ENDS.has(leaf.fate) && !isOwn) this.#look(leaf, family);
    }
  }

  #look(leaf: Leaf, family: Family): void {
    const { space, model } = this.#ground;
    const { diagram } = space;
    const to = (prefixes: readonly Prefix[]): Node =>
      union(
        diagram,
        prefixes.filter((prefix) => prefix.family === family).map((prefix) => space.prefix('destination', prefix)),
      );
    const members = pathOf(leaf.hop)[0]?.members ?? [];
    let rest = diagram.and(asSent(space, leaf.hop, leaf.packets), to([...this.#asked.known, ...this.#asked.beyond]));
    // Most addresses are nobody's; that is no fault of the routes that lead to their networks.
    if (leaf.fate === 'nobody-there' && !leaf.hop.isTranslated)
      rest = diagram.and(rest, to([...this.#asked.deserted, ...this.#toNobody(leaf.hop.station)]));
    for (let round = 0; round < MOST && rest !== EMPTY; round += 1) {
      const packet = exampleOf(space, family, rest);
      const sender = members.find(({ addresses }) => addresses.some(({ address }) => packet !== undefined && same(address, packet.source)));
      if (packet === undefined || sender === undefined) return;
      const trace = follow({ model, trackings: new Map() }, sender.namespace, packet);
      const blamed = this.#blamed(trace);
      const example = `${formatAddress(packet.source)} -> ${formatAddress(packet.destination)} ${packetName(packet)}`;
      if (blamed !== undefined) this.#note(blamed, example);
      const last = trace.steps.findLast((step) => step.kind === 'routed');
      const isTranslated = trace.steps.some((step) => step.kind === 'translated' && step.what === 'destination');
      if (last === undefined || isTranslated) return;
      rest = diagram.diff(rest, space.prefix('destination', blamed?.step.kind === 'routed' ? blamed.step.route.to : last.route.to));
    }
  }

  /** What has led there, and why it goes no further. */
  #blamed({ steps, ending, carried }: Trace): Blamed | undefined {
    // What carries the packets of others is sent by somebody too, and looked at then.
    if (carried !== undefined) return undefined;
    const routed = steps.filter((step) => step.kind === 'routed' && step.route.device !== undefined) as readonly Routed[];
    const name = nameOfNamespace(this.#network, ending.at);
    switch (ending.kind) {
      case 'nobody-there':
      case 'link-down': {
        if (this.#asked.open.has(`${ending.at} ${ending.device}`)) return undefined;
        const [last, before] = [routed.at(-1), routed.at(-2)];
        if (last?.route.via !== undefined) return { step: last, why: nobodyHas(this.#network, ending, last.route.via) };
        const translated = steps.findLast((step) => step.kind === 'translated' && step.what === 'destination');
        if (translated?.kind === 'translated' && translated.decision !== undefined && ending.kind === 'nobody-there')
          return { step: translated, why: nobodyHas(this.#network, ending, ending.address) };
        if (before === undefined || !this.#asked.deserted.includes(before.route.to)) return undefined;
        return { step: before, why: `nobody has an address in ${formatPrefix(before.route.to)}` };
      }
      case 'no-route':
      case 'unreachable':
      case 'not-forwarded':
      case 'hop-limit': {
        const step = routed.findLast(({ at }) => at !== ending.at);
        if (step?.route.via === undefined) return undefined;
        if (ending.kind === 'not-forwarded') return this.#mayTakeAll(ending.at) ? undefined : { step, why: `${name} forwards nothing` };
        if (ending.kind === 'hop-limit') return { step, why: `it goes in a circle by ${name}` };
        // A gateway need not know the way to networks that nothing joins.
        if (step.route.to.length === 0) return undefined;
        return { step, why: `${name} has no route to it` };
      }
      default:
        return undefined;
    }
  }

  #note({ step, why }: Blamed, example: string): void {
    const of = nameOfNamespace(this.#network, step.at);
    const said = step.kind === 'routed' ? routeSaid(step.route) : forwardSaid(step);
    const key = [of, said.what, why].join('\n');
    if (!this.#found.has(key)) this.#found.set(key, { of, ...said, why, example });
  }

  /** Programs may give themselves addresses, or forward. */
  #mayTakeAll(namespace: string): boolean {
    return this.#ground.model.stations.get(namespace)?.hasPrograms === true;
  }

  /** By routes of the station to a next hop that nobody on the wire is. */
  #toNobody(station: Station): readonly Prefix[] {
    return station.routes.flatMap(({ to, via, device }) => {
      const isThere = via === undefined || device === undefined || this.#ground.neighbours(station, device).at(to.family, via.value);
      return isThere ? [] : [to];
    });
  }
}

type Routed = Extract<Step, { readonly kind: 'routed' }>;
type Translated = Extract<Step, { readonly kind: 'translated' }>;

interface Blamed {
  readonly step: Routed | Translated;
  readonly why: string;
}

function routeSaid({ to, via, route, learned }: ModelRoute): Pick<BlackHole, 'what' | 'origin'> {
  const what = `route ${formatPrefix(to)}${via === undefined ? '' : ` via ${formatAddress(via)}`}${learned === undefined ? '' : ', learned'}`;
  return { what, ...(route !== undefined && { origin: route.origin }) };
}

function forwardSaid({ after, decision }: Translated): Pick<BlackHole, 'what' | 'because'> {
  const because = decision && commentOf(decision);
  return { what: `forward to ${formatAddress(after.destination)}`, ...(because !== undefined && { because }) };
}

const nobodyHas = (network: Network, ending: Extract<Ending, { readonly kind: 'nobody-there' | 'link-down' }>, address: Address): string =>
  ending.kind === 'link-down'
    ? `${nameOfDown(network, ending.down)} is down on the way to ${formatAddress(address)}`
    : `nobody has ${formatAddress(address)}`;

/** Which destinations are asked about, and where others may be that the file does not know. */
interface Asked {
  readonly known: readonly Prefix[];
  /** To which routes lead, and which the file says nothing else of. */
  readonly beyond: readonly Prefix[];
  /** To which routes lead, and in which nobody has an address. */
  readonly deserted: readonly Prefix[];
  /** `namespace device`. */
  readonly open: ReadonlySet<string>;
}

function askedIn(network: Network, { model }: Ground): Asked {
  const known = network.segments.flatMap(({ subnets }) => subnets);
  const stations = [...model.stations.values()];
  const routed = stations.flatMap(({ routes }) => routes.flatMap(({ to, via }) => (via === undefined || to.length === 0 ? [] : [to])));
  const owned = stations.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  return {
    known,
    beyond: routed.filter((to) => !known.some((subnet) => overlaps(subnet, to))),
    deserted: routed.filter((to) => !owned.some((address) => containsAddress(to, address))),
    open: new Set(doorsOf(network, model).map(({ station, device }) => `${station.namespace} ${device}`)),
  };
}
