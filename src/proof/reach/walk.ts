/** Where packets of a set get to, all of them at once: the same as `follow` does for one. */

import { formatAddress } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import { HOST } from '../../resource/resource.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';
import { CONNTRACK } from '../path/hooks.ts';
import type { ModelRoute, Station } from '../path/model.ts';
import { sourceFor } from '../path/routing.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY, FULL } from '../sets/node-table.ts';
import type { Mask } from '../sets/translation.ts';
import type { Ground } from './ground.ts';
import { Hooks, type Situation, type Witness } from './hooks.ts';
import type { Hop } from './hop.ts';
import type { Fate, Leaf } from './leaf.ts';
import { type Held, Translation } from './translating.ts';
import { Transmission } from './transmission.ts';
import { type Travel, together } from './travel.ts';

export interface Start {
  /** Those that send; they differ in nothing but their addresses. */
  readonly members: readonly Station[];
  /** As they are sent, sources and all. */
  readonly packets: Node;
  readonly family: Family;
  /** Where they come in, if they were sent by somebody outside: an interface of the host. */
  readonly inDevice?: string;
  /** All that they may have, in order and apart, where that is known. */
  readonly sources?: readonly Interval[];
}

export class Walk {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #translation: Translation;
  readonly #transmission: Transmission;
  readonly #leaves: Leaf[] = [];
  #travels: Travel[] = [];

  constructor(ground: Ground, witness?: Witness) {
    this.#ground = ground;
    this.#hooks = new Hooks(ground, witness);
    this.#translation = new Translation(ground.space, this.#hooks);
    this.#transmission = new Transmission(ground, this.#hooks, {
      ended: (fate, held) => this.#end(fate, held),
      arriving: (travel) => this.#travels.push(travel),
    });
  }

  /**
   * @returns every packet that no rule refuses is in a leaf; those that may be decided either way are in several. Each
   * has come one way (`pathOf`).
   */
  from(start: Start): readonly Leaf[] {
    return this.#follow([start], start.family, (travels) => travels);
  }

  /** Of several senders at once: packets of which two may send the same must be told apart by whoever asks. */
  fromAll(starts: readonly Start[], family: Family): readonly Leaf[] {
    return this.#follow(starts, family, (travels) => together(this.#ground.space.diagram, travels));
  }

  #follow(starts: readonly Start[], family: Family, gather: (travels: readonly Travel[]) => readonly Travel[]): readonly Leaf[] {
    for (const start of starts) this.#begin(start);
    while (this.#travels.length > 0) {
      const travels = gather(this.#travels);
      this.#travels = [];
      for (const travel of travels) this.#arrive(travel, family);
    }
    return this.#leaves;
  }

  /** Connection tracking takes some packets for the beginning of something, and others for nothing; NAT changes nothing of that. */
  #begin({ members, packets, family, inDevice, sources }: Start): void {
    const [station] = members;
    if (station === undefined || packets === EMPTY) return;
    const { space } = this.#ground;
    const { diagram } = space;
    const extent = space.extentOf(packets, 'source', family);
    const known = sources ?? (extent === undefined ? [] : [extent]);
    const beginning = diagram.and(packets, space.beginning(family));
    for (const [state, part] of [
      ['new', beginning],
      ['invalid', diagram.diff(packets, beginning)],
    ] as const) {
      if (part === EMPTY) continue;
      const hop: Hop = { station, members, before: [], arrived: part, rewritten: [], isTranslated: false };
      const situation: Situation = { family, state, direction: 'original', dnat: false, hops: HOP_LIMIT, sources: known };
      if (inDevice === undefined) this.#send({ hop, situation, packets: part });
      else this.#receive({ ...hop, inDevice }, { ...situation, inDevice }, part);
    }
  }

  #arrive({ station, members, device, before, packets, state, sources, hops }: Travel, family: Family): void {
    const isTranslated = before.some(({ hop, rewritings = [] }) => hop.isTranslated || rewritings.length > 0);
    const hop: Hop = { station, members, inDevice: device, before, arrived: packets, rewritten: [], isTranslated };
    this.#receive(hop, { family, state, direction: 'original', dnat: false, hops, inDevice: device, sources }, packets);
  }

  /** ip_queue_xmit and what follows. */
  #send({ hop, situation, packets }: Held): void {
    const { station } = hop;
    for (const { route, packets: part } of this.#routed({ hop, situation, packets })) {
      const outDevice = route === 'local' ? 'lo' : (route.device ?? '');
      const out = { ...situation, outDevice };
      const early = this.#hooks.filter(station, 'output', { ...out, state: 'invalid' }, part, { to: CONNTRACK });
      for (const held of this.#newDestinations('output', { hop, situation: out, packets: early })) {
        const passed = this.#hooks.filter(station, 'output', held.situation, held.packets, { from: CONNTRACK });
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
    const arrived: Held = { hop, situation, packets };
    const early = this.#hooks.filter(station, 'prerouting', { ...situation, state: 'invalid' }, packets, { to: CONNTRACK });
    for (const translated of this.#newDestinations('prerouting', { ...arrived, packets: early })) {
      const passed = this.#hooks.filter(station, 'prerouting', translated.situation, translated.packets, { from: CONNTRACK });
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
          this.#transmit({ hop: held.hop, situation: leaving, packets: forwarded }, route);
        }
      }
    }
  }

  /** fib_validate_source: nothing comes from outside with an address of one's own, or from where it could not; IPv6 does not look. */
  #withoutMartians(held: Held): Held {
    const { space } = this.#ground;
    const { diagram } = space;
    const { station, members } = held.hop;
    const { inDevice = '', sources } = held.situation;
    const own = members.length > 1 ? EMPTY : this.#ground.own(station, 4, 'source');
    const believed = this.#ground.feasible(station, inDevice, 'source');
    // Mostly nobody lies, and then the packets themselves need not be looked at.
    const all = sources === undefined ? FULL : space.ranges('source', 4, sources);
    if (diagram.and(all, own) === EMPTY && diagram.diff(all, believed) === EMPTY) return held;
    this.#end('martian-source', { ...held, packets: diagram.and(held.packets, own) });
    this.#end('reverse-path', { ...held, packets: diagram.diff(held.packets, diagram.or(believed, own)) });
    return { ...held, packets: diagram.diff(diagram.and(held.packets, believed), own) };
  }

  #deliver(held: Held): void {
    const passed = this.#hooks.filter(held.hop.station, 'input', held.situation, held.packets);
    this.#end('delivered', { ...held, packets: passed });
  }

  /** Out of what the file describes: the host's rules are all that there is to say. */
  #leave(held: Held): void {
    const situation = { ...held.situation, outDevice: '' };
    const forwarded = this.#hooks.filter(held.hop.station, 'forward', situation, held.packets);
    const passed = this.#hooks.filter(held.hop.station, 'postrouting', situation, forwarded);
    this.#end('outside', { ...held, packets: passed });
  }

  /** ip_output: the hook postrouting, and the wire. */
  #transmit(held: Held, route: ModelRoute): void {
    const { station } = held.hop;
    const passed = this.#hooks.filter(station, 'postrouting', held.situation, held.packets);
    for (const sent of this.#newSources({ ...held, packets: passed }, route)) this.#transmission.carry(sent, route);
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
      if (route.undecided === true) {
        this.#ground.leaveUndecided(hop.station, route);
        this.#end('undecided', { ...held, packets: part });
      } else if (route.device === undefined) this.#end('unreachable', { ...held, packets: part });
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
    return this.#translation.of(hook, 'destination', held, []);
  }

  #newSources(held: Held, route: ModelRoute): readonly Held[] {
    const { family, outDevice = '' } = held.situation;
    const address = sourceFor(held.hop.station, route.via ?? { family, value: route.to.value }, { route, device: outDevice });
    const masks: readonly Mask[] =
      address === undefined ? [] : [{ device: outDevice, family: family === 4 ? 'ip' : 'ip6', address: formatAddress(address) }];
    return this.#translation.of('postrouting', 'source', held, masks);
  }

  #end(fate: Fate, { hop, situation, packets }: Held): void {
    const device = fate === 'on-wire' ? situation.outDevice : undefined;
    if (packets !== EMPTY) this.#leaves.push({ fate, hop, packets, ...(device !== undefined && { device }) });
  }
}
