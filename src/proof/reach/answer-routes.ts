/** Where answers go from one station: by its routes, over the wire, to the next. */
import type { Address } from '../../address/ip.ts';
import type { Station } from '../path/model.ts';
import { answerNotFollowed, finds } from '../path/resolution.ts';
import type { Arrival } from '../path/wire.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimages, type Rewriting } from '../sets/rewriting.ts';
import type { Lose, Passing, Reading } from './answer-rules.ts';
import { crossed } from './crossing.ts';
import type { Situation } from './hooks.ts';

/** Answers that come in somewhere. */
export interface Carried {
  readonly station: Station;
  readonly device: string;
  /** What is answered, as it was on this wire where the answer was put on it. */
  readonly asked: Node;
  readonly hops: number;
  /** What flows have made of the answers, kept as what they answer. */
  readonly rewritings: readonly Rewriting[];
}

/** Those that leave a station by one device. */
interface Leaving {
  readonly station: Station;
  readonly situation: Situation;
  readonly asked: Node;
}

export class AnswerRoutes {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** @param members of the class that the station stands for */
  from(station: Station, members: readonly Station[], passing: Passing, lose?: Lose): readonly Carried[] {
    const { asked, situation, arrived, how } = passing;
    const { ground, hooks, family } = this.#reading;
    if (asked === EMPTY) return [];
    const { diagram } = ground.space;
    const hops = how === 'forward' ? situation.hops - 1 : situation.hops;
    if ((how === 'forward' && !station.forwards(family)) || hops < 1) {
      lose?.('route', arrived(asked));
      return [];
    }
    const { ways, local } = ground.routing(station, family, 'source');
    const answers = this.#answersTo(asked);
    const carried: Carried[] = [];
    let routed: Node = EMPTY;
    for (const { route, to } of ways) {
      if (route.device === undefined) continue;
      const near = members.length > 1 && route.via === undefined ? diagram.or(to, local) : to;
      const part = diagram.and(answers, near);
      if (part === EMPTY) continue;
      if (lose !== undefined) routed = diagram.or(routed, part);
      if (route.undecided === true) {
        ground.leaveUndecided(station, route);
        continue;
      }
      const leaving: Situation = { ...situation, hops, outDevice: route.device };
      const forwarded = how === 'forward' ? hooks.filter(station, 'forward', leaving, part) : part;
      let on = hooks.filter(station, 'postrouting', leaving, forwarded);
      if (situation.state === 'new') on = hooks.translate(station, 'postrouting', leaving, on).rest;
      if (forwarded !== part) lose?.('forward', arrived(diagram.and(asked, this.#answeredBy(diagram.diff(part, forwarded)))));
      if (on !== forwarded) lose?.('postrouting', arrived(diagram.and(asked, this.#answeredBy(diagram.diff(forwarded, on)))));
      const left = arrived(diagram.and(asked, this.#answeredBy(on)));
      if (left !== EMPTY) carried.push(...this.#carried({ station, situation: leaving, asked: left }, route.via, lose));
    }
    if (lose !== undefined && routed !== answers)
      lose('route', arrived(diagram.and(asked, this.#answeredBy(diagram.diff(answers, routed)))));
    return carried;
  }

  #carried(leaving: Leaving, via: Address | undefined, lose: Lose | undefined): readonly Carried[] {
    const { ground, family } = this.#reading;
    const { space } = ground;
    const { diagram } = space;
    const { station, situation, asked } = leaving;
    const neighbours = ground.neighbours(station, situation.outDevice ?? '');
    if (via !== undefined) {
      const arrival = neighbours.at(family, via.value);
      // A machine that does not forward takes only what is its own, and not what is another's of its class.
      const isOne = arrival !== undefined && ground.peersOf(arrival.station).length > 1;
      const part = isOne ? diagram.and(asked, ground.own(arrival.station, family, 'source')) : asked;
      if (arrival === undefined || part !== asked) lose?.('wire', arrival === undefined ? asked : diagram.diff(asked, part));
      return arrival === undefined ? [] : this.#crossed({ ...leaving, asked: part }, arrival, [via], lose);
    }
    // What is answered came from there: its sources are the destinations of the answers.
    const carried: Carried[] = [];
    let rest = asked;
    for (const { arrival, values } of this.#askersOn(leaving)) {
      const from = space.ranges(
        'source',
        family,
        values.map((value) => ({ from: value, to: value })),
      );
      const owned = arrival.station.addresses.filter((own) => own.device === arrival.device && own.address.family === family);
      const nexts = owned.map(({ address }) => address);
      carried.push(...this.#crossed({ ...leaving, asked: diagram.and(asked, from) }, arrival, nexts, lose));
      if (lose !== undefined) rest = diagram.diff(rest, from);
    }
    if (rest !== EMPTY) lose?.('wire', rest);
    return carried;
  }

  /** Who has the addresses on the wire that answers may go to; of those that are one, one. */
  #askersOn({ station, situation, asked }: Leaving): Iterable<{ readonly arrival: Arrival; readonly values: readonly bigint[] }> {
    const { ground, family } = this.#reading;
    const neighbours = ground.neighbours(station, situation.outDevice ?? '');
    const extent = ground.space.extentOf(asked, 'source', family);
    if (extent === undefined) return [];
    const arrivals = new Map<Station, { readonly arrival: Arrival; readonly values: bigint[] }>();
    for (const value of neighbours.addresses(family)) {
      if (value < extent.from || value > extent.to) continue;
      const arrival = neighbours.at(family, value);
      if (arrival === undefined) continue;
      const [first = arrival.station] = ground.peersOf(arrival.station);
      const known = arrivals.get(first) ?? { arrival, values: [] };
      arrivals.set(first, known);
      known.values.push(value);
    }
    return arrivals.values();
  }

  /** Over the bridges between. @param nexts addresses that are asked for on the wire */
  #crossed(leaving: Leaving, arrival: Arrival, nexts: readonly Address[], lose: Lose | undefined): readonly Carried[] {
    const { ground, hooks } = this.#reading;
    const { diagram } = ground.space;
    const { station, situation, asked } = leaving;
    if (asked === EMPTY) return [];
    if (!finds(station, situation.outDevice ?? '', nexts, arrival)) throw answerNotFollowed(station);
    const world = { model: ground.model, space: ground.space, hooks };
    const carried: Carried[] = [];
    let rest = asked;
    for (const { end, packets, hops, rewritings } of crossed(world, station, situation, arrival, this.#answersTo(asked))) {
      const own = diagram.and(asked, this.#answeredBy(preimages(ground.space.sets, rewritings, packets)));
      rest = diagram.diff(rest, own);
      if (own !== EMPTY) carried.push({ station: end.station, device: end.device, asked: own, hops, rewritings });
    }
    if (rest !== EMPTY) lose?.('bridge', rest);
    return carried;
  }

  #answersTo = (packets: Node): Node => this.#reading.turning.answersTo(packets, this.#reading.family);
  #answeredBy = (packets: Node): Node => this.#reading.turning.answeredBy(packets, this.#reading.family);
}
