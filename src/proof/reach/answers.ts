/**
 * Answers to packets that were delivered: which of them come back to whoever asked.
 *
 * A set of answers is kept as what it answers, as that is at the same place: then NAT undone is NAT as it was done, read
 * backwards. Where answers come by a router that has not seen what they answer, it does not know them.
 */
import type { Family } from '../../address/ip.ts';
import { CONNTRACK } from '../path/hooks.ts';
import type { Station } from '../path/model.ts';
import { answerNotFollowed, finds } from '../path/resolution.ts';
import type { Arrival } from '../path/wire.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimage } from '../sets/rewriting.ts';
import { union } from '../sets/stretches.ts';
import { crossed } from './crossing.ts';
import type { Ground } from './ground.ts';
import { Hooks, type Situation } from './hooks.ts';
import { asArrived, asSent, type Hop, pathOf } from './hop.ts';
import type { Leaf } from './leaf.ts';
import { Turning } from './turning.ts';

interface Answer {
  readonly station: Station;
  readonly device: string;
  /** What is answered, as it was on this wire. */
  readonly asked: Node;
  /** Of the path there, the last that the answer has not passed. */
  readonly index: number;
  readonly hops: number;
}

export class Answers {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #turning: Turning;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#hooks = new Hooks(ground);
    this.#turning = new Turning(ground.space);
  }

  /** Of the packets of a leaf that is `delivered`, as they were when they were sent, those whose answers come back. */
  to({ hop, packets }: Leaf, family: Family): Node {
    const path = pathOf(hop);
    const run = new Run(this.#ground, this.#hooks, this.#turning, path, family);
    return this.#ground.space.diagram.and(run.from(packets), asSent(this.#ground.space, hop, packets));
  }
}

class Run {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #turning: Turning;
  readonly #path: readonly Hop[];
  readonly #family: Family;
  readonly #back: Node[] = [];
  readonly #answers: Answer[] = [];
  #delivered: Node = EMPTY;
  #legs: readonly Node[] | undefined;

  constructor(ground: Ground, hooks: Hooks, turning: Turning, path: readonly Hop[], family: Family) {
    this.#ground = ground;
    this.#hooks = hooks;
    this.#turning = turning;
    this.#path = path;
    this.#family = family;
  }

  from(delivered: Node): Node {
    const last = this.#path.length - 1;
    const hop = this.#path[last];
    if (hop === undefined) return EMPTY;
    // Whoever talks to itself.
    if (last === 0) return asArrived(this.#ground.space, hop, delivered);
    this.#delivered = delivered;
    this.#through(hop, last, delivered, {
      family: this.#family,
      state: 'established',
      direction: 'reply',
      turned: true,
      dnat: false,
      hops: HOP_LIMIT,
    });
    for (const answer of this.#answers) this.#arrive(answer);
    return union(this.#ground.space.diagram, this.#back);
  }

  #arrive({ station, device, asked, index, hops }: Answer): void {
    const { diagram } = this.#ground.space;
    let rest = asked;
    for (let at = index; at >= 0; at--) {
      const hop = this.#path[at];
      if (rest === EMPTY || hop === undefined || !hop.members.includes(station)) continue;
      // Where hops are left out that translated what is answered, it is not the answer that this one waits for.
      const known = at === index ? rest : diagram.and(rest, this.#legFrom(at));
      if (known === EMPTY) continue;
      const situation: Situation = {
        family: this.#family,
        state: 'established',
        direction: 'reply',
        turned: true,
        dnat: false,
        hops,
        inDevice: device,
      };
      this.#through(hop, at, known, situation);
      rest = diagram.diff(rest, known);
    }
    if (rest !== EMPTY) this.#strange(station, device, rest, index, hops);
  }

  /** What is delivered in the end, as it left a hop. */
  #legFrom(index: number): Node {
    this.#legs ??= this.#path.map((_, at) =>
      this.#path.slice(at + 1).reduceRight((set, hop) => asArrived(this.#ground.space, hop, set), this.#delivered),
    );
    return this.#legs[index] ?? EMPTY;
  }

  /** By a station that knows what is answered. */
  #through(hop: Hop, index: number, asked: Node, arriving: Situation): void {
    const { space } = this.#ground;
    const { diagram, sets } = space;
    const isLast = arriving.inDevice === undefined;
    const source = hop.rewritten.find(({ what }) => what === 'source')?.rewriting;
    const situation = { ...arriving, dnat: hop.rewritten.some(({ what }) => what === 'destination') };
    const arrived = (left: Node): Node =>
      asArrived(space, { ...hop, rewritten: hop.rewritten.filter(({ what }) => what === 'destination') }, left);
    let middle = source === undefined ? asked : preimage(sets, source, asked);
    if (!isLast) {
      // As it comes, before anything is translated back.
      let coming = this.#answersTo(asked);
      coming = this.#hooks.filter(hop.station, 'prerouting', { ...situation, state: 'invalid' }, coming, { to: CONNTRACK });
      const known = diagram.and(asked, this.#answeredBy(coming));
      middle = source === undefined ? known : diagram.and(middle, preimage(sets, source, known));
      const passed = this.#hooks.filter(hop.station, 'prerouting', situation, this.#answersTo(middle), { from: CONNTRACK });
      middle = diagram.and(middle, this.#answeredBy(passed));
      if (this.#family === 4 && hop.members.length === 1)
        middle = diagram.diff(middle, this.#ground.own(hop.station, this.#family, 'destination'));
      middle = this.#feasible(hop.station, arriving.inDevice ?? '', middle);
      if (index === 0) {
        const delivered = this.#hooks.filter(hop.station, 'input', situation, this.#answersTo(middle));
        this.#back.push(arrived(diagram.and(middle, this.#answeredBy(delivered))));
        return;
      }
    } else {
      const sent = this.#hooks.filter(hop.station, 'output', situation, this.#answersTo(middle));
      middle = diagram.and(middle, this.#answeredBy(sent));
    }
    this.#onward(hop.station, hop.members, index, middle, situation, arrived, isLast ? 'output' : 'forward');
  }

  /** By a station that does not: to its tracking an answer is new, or nothing at all. */
  #strange(station: Station, device: string, asked: Node, index: number, hops: number): void {
    const { space } = this.#ground;
    const { diagram } = space;
    const answers = this.#answersTo(asked);
    const tcp = space.sets.among(['meta l4proto'], [['tcp'], ['icmp'], ['ipv6-icmp']]);
    for (const state of ['invalid', 'new'] as const) {
      const part = state === 'invalid' ? diagram.and(answers, tcp) : diagram.diff(answers, tcp);
      if (part === EMPTY) continue;
      const situation: Situation = {
        family: this.#family,
        state,
        direction: 'original',
        turned: true,
        dnat: false,
        hops,
        inDevice: device,
      };
      let on = this.#hooks.filter(station, 'prerouting', { ...situation, state: 'invalid' }, part, { to: CONNTRACK });
      // An answer that is translated anew is none any more.
      if (state === 'new') on = this.#hooks.translate(station, 'prerouting', situation, on).rest;
      on = this.#hooks.filter(station, 'prerouting', situation, on, { from: CONNTRACK });
      this.#onward(
        station,
        [station],
        index + 1,
        this.#feasible(station, device, this.#answeredBy(on)),
        situation,
        (left) => left,
        'forward',
      );
    }
  }

  /** Routed, and out. @param arrived what packets were when they came that leave so */
  #onward(
    station: Station,
    members: readonly Station[],
    index: number,
    asked: Node,
    situation: Situation,
    arrived: (left: Node) => Node,
    how: 'output' | 'forward',
  ): void {
    if (asked === EMPTY) return;
    const { diagram } = this.#ground.space;
    const { ways, local } = this.#ground.routing(station, this.#family, 'source');
    if (how === 'forward' && !station.forwards(this.#family)) return;
    const answers = this.#answersTo(asked);
    const hops = how === 'forward' ? situation.hops - 1 : situation.hops;
    if (hops < 1) return;
    for (const { route, to } of ways) {
      if (route.device === undefined) continue;
      const near = members.length > 1 && route.via === undefined ? diagram.or(to, local) : to;
      let part = diagram.and(answers, near);
      if (part === EMPTY) continue;
      if (route.undecided === true) {
        this.#ground.leaveUndecided(station, route);
        continue;
      }
      const leaving: Situation = { ...situation, hops, outDevice: route.device };
      if (how === 'forward') part = this.#hooks.filter(station, 'forward', leaving, part);
      part = this.#hooks.filter(station, 'postrouting', leaving, part);
      if (situation.state === 'new') part = this.#hooks.translate(station, 'postrouting', leaving, part).rest;
      const left = arrived(diagram.and(asked, this.#answeredBy(part)));
      if (left !== EMPTY) this.#carry(station, route.via?.value, leaving, left, index);
    }
  }

  #carry(station: Station, via: bigint | undefined, leaving: Situation, asked: Node, index: number): void {
    const { space } = this.#ground;
    const { diagram } = space;
    const neighbours = this.#ground.neighbours(station, leaving.outDevice ?? '');
    const next = (arrival: Arrival | undefined, part: Node): void => {
      if (arrival === undefined || part === EMPTY) return;
      const owned = arrival.station.addresses.filter((own) => own.device === arrival.device && own.address.family === this.#family);
      const nexts = via === undefined ? owned.map(({ address }) => address) : [{ family: this.#family, value: via }];
      if (!finds(station, leaving.outDevice ?? '', nexts, arrival)) throw answerNotFollowed(station);
      const on = diagram.and(
        part,
        this.#answeredBy(crossed(this.#ground.model, this.#hooks, station, leaving, arrival, this.#answersTo(part))),
      );
      const { station: there, device } = arrival;
      if (on !== EMPTY) this.#answers.push({ station: there, device, asked: on, index: index - 1, hops: leaving.hops });
    };
    if (via !== undefined) {
      const arrival = neighbours.at(this.#family, via);
      // A machine that does not forward takes only what is its own, and not what is another's of its class.
      const isOne = arrival !== undefined && this.#ground.peersOf(arrival.station).length > 1;
      next(arrival, isOne ? diagram.and(asked, this.#ground.own(arrival.station, this.#family, 'source')) : asked);
      return;
    }
    // What is answered came from there: its sources are the destinations of the answers.
    const extent = space.extentOf(asked, 'source', this.#family);
    if (extent === undefined) return;
    const arrivals = new Map<Station, { readonly arrival: Arrival; readonly values: bigint[] }>();
    for (const value of neighbours.addresses(this.#family)) {
      if (value < extent.from || value > extent.to) continue;
      const arrival = neighbours.at(this.#family, value);
      if (arrival === undefined) continue;
      const [first = arrival.station] = this.#ground.peersOf(arrival.station);
      const known = arrivals.get(first) ?? { arrival, values: [] };
      arrivals.set(first, known);
      known.values.push(value);
    }
    for (const { arrival, values } of arrivals.values()) {
      const from = space.ranges(
        'source',
        this.#family,
        values.map((value) => ({ from: value, to: value })),
      );
      next(arrival, diagram.and(asked, from));
    }
  }

  /** Answers that come in by where their source could be (fib_validate_source): it is the destination of what they answer. */
  #feasible(station: Station, device: string, asked: Node): Node {
    if (this.#family === 6) return asked;
    return this.#ground.space.diagram.and(asked, this.#ground.feasible(station, device, 'destination'));
  }

  #answersTo = (packets: Node): Node => this.#turning.answersTo(packets, this.#family);
  #answeredBy = (packets: Node): Node => this.#turning.answeredBy(packets, this.#family);
}
