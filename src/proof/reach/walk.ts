/** Where packets of a set get to, all of them at once: the same as `follow` does for one. */

import { formatAddress } from '../../address/format.ts';
import type { Address, Family } from '../../address/ip.ts';
import { HOST } from '../../resource/resource.ts';
import { CONNTRACK } from '../path/hooks.ts';
import type { ModelRoute, RuledTable, Station } from '../path/model.ts';
import { finds } from '../path/resolution.ts';
import { sourceFor } from '../path/routing.ts';
import type { Arrival } from '../path/wire.ts';
import type { Translated } from '../sets/chain.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { image } from '../sets/rewriting.ts';
import { union } from '../sets/stretches.ts';
import { type Mask, rewritingsOf, untaken } from '../sets/translation.ts';
import { crossed } from './crossing.ts';
import type { Ground } from './ground.ts';
import { Hooks, type Situation, type Witness } from './hooks.ts';
import type { Hop, Rewritten } from './hop.ts';
import { ownedBy } from './landing.ts';
import type { Fate, Leaf } from './leaf.ts';

/** The default hop limit of Linux. */
const HOPS = 64;

/** Packets on their way. */
interface Travel {
  readonly station: Station;
  readonly members: readonly Station[];
  readonly device: string;
  readonly before: Hop;
  readonly packets: Node;
  readonly hops: number;
}

/** Packets at a station, with what has been done to them there. */
interface Held {
  readonly hop: Hop;
  readonly situation: Situation;
  readonly packets: Node;
}

export interface Start {
  /** Those that send; they differ in nothing but their addresses. */
  readonly members: readonly Station[];
  /** As they are sent, sources and all. */
  readonly packets: Node;
  readonly family: Family;
  /** Where they come in, if they were sent by somebody outside: an interface of the host. */
  readonly inDevice?: string;
}

export class Walk {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #leaves: Leaf[] = [];
  readonly #travels: Travel[] = [];

  constructor(ground: Ground, witness?: Witness) {
    this.#ground = ground;
    this.#hooks = new Hooks(ground, witness);
  }

  /** @returns every packet is in a leaf; those that may be decided either way are in several */
  from({ members, packets, family, inDevice }: Start): readonly Leaf[] {
    const [station] = members;
    if (station === undefined || packets === EMPTY) return [];
    const { space } = this.#ground;
    const beginning = space.diagram.and(packets, space.beginning(family));
    const parts = [
      { state: 'new', packets: beginning },
      { state: 'invalid', packets: space.diagram.diff(packets, beginning) },
    ] as const;
    for (const part of parts) {
      if (part.packets === EMPTY) continue;
      const hop: Hop = { station, members, arrived: part.packets, rewritten: [], ...(inDevice !== undefined && { inDevice }) };
      const situation: Situation = { family, state: part.state, direction: 'original', dnat: false, hops: HOPS };
      if (inDevice === undefined) this.#send({ hop, situation, packets: part.packets });
      else this.#receive(hop, { ...situation, inDevice }, part.packets);
    }
    for (const travel of this.#travels) this.#arrive(travel, family);
    return this.#leaves;
  }

  #arrive({ station, members, device, before, packets, hops }: Travel, family: Family): void {
    const { space } = this.#ground;
    const beginning = space.diagram.and(packets, space.beginning(family));
    const others = space.diagram.diff(packets, beginning);
    for (const [state, part] of [
      ['new', beginning],
      ['invalid', others],
    ] as const) {
      if (part === EMPTY) continue;
      const hop: Hop = { station, members, inDevice: device, before, arrived: part, rewritten: [] };
      this.#receive(hop, { family, state, direction: 'original', dnat: false, hops, inDevice: device }, part);
    }
  }

  /** ip_queue_xmit and what follows. */
  #send({ hop, situation, packets }: Held): void {
    const { station } = hop;
    for (const { route, packets: part } of this.#routed({ hop, situation, packets })) {
      const outDevice = route === 'local' ? 'lo' : (route.device ?? '');
      const out = { ...situation, outDevice };
      const early = this.#hooks.filter(station, 'output', { ...out, state: 'invalid' }, part, { to: CONNTRACK });
      this.#refuse({ hop, situation, packets: part }, early);
      for (const held of this.#newDestinations('output', { hop, situation: out, packets: early })) {
        const passed = this.#hooks.filter(station, 'output', held.situation, held.packets, { from: CONNTRACK });
        this.#refuse(held, passed);
        for (const again of this.#routed({ ...held, packets: passed })) {
          const next = { ...held, packets: again.packets };
          if (again.route === 'local') this.#deliver({ ...next, situation: { ...held.situation, inDevice: 'lo' } });
          else this.#transmit({ ...next, situation: { ...held.situation, outDevice: again.route.device ?? '' } }, again.route);
        }
      }
    }
  }

  /** ip_rcv and what follows. */
  #receive(hop: Hop, situation: Situation, packets: Node): void {
    const { station } = hop;
    const { diagram } = this.#ground.space;
    const arrived: Held = { hop, situation, packets };
    const early = this.#hooks.filter(station, 'prerouting', { ...situation, state: 'invalid' }, packets, { to: CONNTRACK });
    this.#refuse(arrived, early);
    for (const translated of this.#newDestinations('prerouting', { ...arrived, packets: early })) {
      const passed = this.#hooks.filter(station, 'prerouting', translated.situation, translated.packets, { from: CONNTRACK });
      this.#refuse(translated, passed);
      let held = { ...translated, packets: passed };
      if (situation.family === 4) held = this.#withoutMartians(held);
      for (const { route, packets: part } of this.#routed(held, 'came')) {
        const own = { ...held, packets: part };
        if (route === 'local') this.#deliver(own);
        else if (route === 'outside') this.#leave(own);
        else if (held.situation.hops <= 1) this.#end('hop-limit', own);
        else {
          const leaving: Situation = { ...held.situation, outDevice: route.device ?? '', hops: held.situation.hops - 1 };
          const forwarded = this.#hooks.filter(station, 'forward', leaving, part);
          this.#refuse({ ...own, situation: leaving }, forwarded);
          this.#transmit({ hop: held.hop, situation: leaving, packets: diagram.and(forwarded, part) }, route);
        }
      }
    }
  }

  /** fib_validate_source: nothing comes from outside with an address of one's own, or from where it could not; IPv6 does not look. */
  #withoutMartians(held: Held): Held {
    const { space } = this.#ground;
    const { diagram } = space;
    const { station, members } = held.hop;
    const { inDevice = '' } = held.situation;
    const own =
      members.length > 1
        ? EMPTY
        : space.addresses(
            'source',
            4,
            station.addresses.map(({ address }) => address),
          );
    const mode = station.reversePath(inDevice);
    const back = this.#ground.routing(station, 4, 'source');
    const near = back.ways.filter(({ route }) => route.device !== undefined && (mode === 2 || route.device === inDevice));
    const believed = mode === 0 ? held.packets : union(diagram, [own, ...near.map(({ to }) => to)]);
    this.#end('martian-source', { ...held, packets: diagram.and(held.packets, own) });
    this.#end('reverse-path', { ...held, packets: diagram.diff(held.packets, diagram.or(believed, own)) });
    return { ...held, packets: diagram.diff(diagram.and(held.packets, believed), own) };
  }

  #deliver(held: Held): void {
    const passed = this.#hooks.filter(held.hop.station, 'input', held.situation, held.packets);
    this.#refuse(held, passed);
    this.#end('delivered', { ...held, packets: passed });
  }

  /** Out of what the file describes: the host's rules are all that there is to say. */
  #leave(held: Held): void {
    const situation = { ...held.situation, outDevice: '' };
    const forwarded = this.#hooks.filter(held.hop.station, 'forward', situation, held.packets);
    const passed = this.#hooks.filter(held.hop.station, 'postrouting', situation, forwarded);
    this.#refuse(held, passed);
    this.#end('outside', { ...held, packets: passed });
  }

  /** ip_output: the hook postrouting, and the wire. */
  #transmit(held: Held, route: ModelRoute): void {
    const { station } = held.hop;
    const passed = this.#hooks.filter(station, 'postrouting', held.situation, held.packets);
    this.#refuse(held, passed);
    for (const sent of this.#newSources({ ...held, packets: passed }, route)) this.#carry(sent, route);
  }

  #carry(held: Held, route: ModelRoute): void {
    const { space } = this.#ground;
    const { hop, situation } = held;
    const neighbours = this.#ground.neighbours(hop.station, situation.outDevice ?? '');
    if (route.via !== undefined) {
      const arrival = neighbours.at(situation.family, route.via.value);
      if (arrival === undefined) this.#end('nobody-there', held);
      else this.#find(held, arrival, [route.via], [arrival.station]);
      return;
    }
    const { single } = this.#ground.wire(hop.station, situation.outDevice ?? '');
    let rest = held.packets;
    for (const { arrival, members, values } of single) {
      // A machine does not hear what it sends itself.
      if (arrival.station === hop.station) continue;
      const own = ownedBy(space, values[situation.family], situation.family, rest);
      const nexts = values[situation.family].map((value): Address => ({ family: situation.family, value }));
      this.#find({ ...held, packets: space.diagram.and(rest, own) }, arrival, nexts, members);
      rest = space.diagram.diff(rest, own);
    }
    this.#end('on-wire', { ...held, packets: rest });
  }

  /** To a neighbour, unless flows on the way keep it from being found. */
  #find(held: Held, arrival: Arrival, nexts: readonly Address[], members: readonly Station[]): void {
    const { hop, situation } = held;
    if (held.packets === EMPTY) return;
    if (finds(hop.station, situation.outDevice ?? '', nexts, arrival)) this.#cross(held, arrival, members);
    else this.#end('nobody-there', held);
  }

  /** Over the bridges between, and in at the other end. */
  #cross(held: Held, arrival: Arrival, members: readonly Station[]): void {
    if (held.packets === EMPTY) return;
    const { hop, situation } = held;
    const { model } = this.#ground;
    const packets = crossed(model, this.#hooks, hop.station, situation, arrival, held.packets);
    this.#refuse(held, packets);
    if (packets === EMPTY) return;
    this.#travels.push({ station: arrival.station, members, device: arrival.device, before: hop, packets, hops: situation.hops });
  }

  /**
   * @param how packets that `came` are for others only where the namespace forwards
   */
  #routed(held: Held): readonly { readonly route: ModelRoute | 'local'; readonly packets: Node }[];
  #routed(held: Held, how: 'came'): readonly { readonly route: ModelRoute | 'local' | 'outside'; readonly packets: Node }[];
  #routed(
    held: Held,
    how: 'came' | 'sent' = 'sent',
  ): readonly { readonly route: ModelRoute | 'local' | 'outside'; readonly packets: Node }[] {
    const { diagram } = this.#ground.space;
    const { hop, situation, packets } = held;
    const parts: { route: ModelRoute | 'local' | 'outside'; packets: Node }[] = [];
    // A class has no address that is its own: what is sent to one of it goes over the wire.
    if (hop.members.length > 1 && how === 'came') return [{ route: 'local', packets }];
    const { local, ways, none } = this.#ground.routing(hop.station, situation.family);
    const isClass = hop.members.length > 1;
    const own = isClass ? EMPTY : diagram.and(packets, local);
    if (own !== EMPTY) parts.push({ route: 'local', packets: own });
    const rest = diagram.diff(packets, own);
    if (rest === EMPTY) return parts;
    if (how === 'came' && !hop.station.forwards(situation.family)) {
      this.#end('not-forwarded', { ...held, packets: rest });
      return parts;
    }
    const lost = diagram.and(rest, none);
    if (lost !== EMPTY) {
      if (hop.station.namespace === HOST && how === 'came') parts.push({ route: 'outside', packets: lost });
      else this.#end(hop.station.namespace === HOST ? 'outside' : 'no-route', { ...held, packets: lost });
    }
    for (const { route, to } of ways) {
      const part = diagram.and(rest, to);
      if (part === EMPTY) continue;
      if (route.device === undefined) this.#end('unreachable', { ...held, packets: part });
      else parts.push({ route, packets: part });
    }
    if (isClass) {
      // Addresses of the one that stands for all are on the wire for the others.
      const near = ways.find(({ route }) => route.via === undefined && route.device !== undefined);
      const part = diagram.and(rest, local);
      if (near !== undefined && part !== EMPTY) parts.push({ route: near.route, packets: part });
    }
    return parts;
  }

  #newDestinations(hook: 'prerouting' | 'output', held: Held): readonly Held[] {
    return this.#translated(hook, 'destination', held, []);
  }

  #newSources(held: Held, route: ModelRoute): readonly Held[] {
    const { family, outDevice = '' } = held.situation;
    const address = sourceFor(held.hop.station, route.via ?? { family, value: route.to.value }, { route, device: outDevice });
    const masks: readonly Mask[] =
      address === undefined ? [] : [{ device: outDevice, family: family === 4 ? 'ip' : 'ip6', address: formatAddress(address) }];
    return this.#translated('postrouting', 'source', held, masks);
  }

  /** Only first packets of connections are translated. */
  #translated(hook: 'prerouting' | 'output' | 'postrouting', what: Rewritten['what'], held: Held, masks: readonly Mask[]): readonly Held[] {
    if (held.packets === EMPTY) return [];
    const { situation, hop } = held;
    if (situation.state !== 'new' || hop.station.tables.length === 0) return [held];
    const { asked, rest } = this.#hooks.translate(hop.station, hook, situation, held.packets);
    const results: Held[] = rest === EMPTY ? [] : [{ ...held, packets: rest }];
    for (const one of asked) results.push(...this.#rewritten(held, what, one, masks));
    return results;
  }

  #rewritten(
    { hop, situation }: Held,
    what: Rewritten['what'],
    { ruled, translated }: { readonly ruled: RuledTable; readonly translated: Translated },
    masks: readonly Mask[],
  ): readonly Held[] {
    const { space } = this.#ground;
    const { sets, diagram } = space;
    const known = this.#hooks.viewOf(situation, translated.packets);
    const rewritings = rewritingsOf(known, ruled.table, translated, masks);
    // Masquerading drops what leaves where there is no address for it.
    this.#end('refused', { hop, situation, packets: untaken(sets, translated, rewritings) });
    return rewritings.map((rewriting): Held => {
      const step: Rewritten = { what, rewriting };
      return {
        hop: { ...hop, rewritten: [...hop.rewritten, step] },
        situation: { ...situation, dnat: situation.dnat || what === 'destination' },
        packets: diagram.and(image(sets, rewriting, rewriting.packets), space.plain(situation.family)),
      };
    });
  }

  #refuse(held: Held, passed: Node): void {
    this.#end('refused', { ...held, packets: this.#ground.space.diagram.diff(held.packets, passed) });
  }

  #end(fate: Fate, { hop, situation, packets }: Held): void {
    const device = fate === 'on-wire' ? situation.outDevice : undefined;
    if (packets !== EMPTY) this.#leaves.push({ fate, hop, packets, ...(device !== undefined && { device }) });
  }
}
