/** Over the wire: who on it gets packets that leave a station, by their next hop or by their destination. */
import type { Address } from '../../address/ip.ts';
import type { ModelRoute, Station } from '../path/model.ts';
import { finds } from '../path/resolution.ts';
import type { Arrival } from '../path/wire.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimages } from '../sets/rewriting.ts';
import { crossed } from './crossing.ts';
import type { Ground } from './ground.ts';
import type { Hooks } from './hooks.ts';
import { ownedBy } from './landing.ts';
import type { Fate } from './leaf.ts';
import type { Held } from './translating.ts';
import type { Travel } from './travel.ts';

interface Told {
  readonly ended: (fate: Fate, held: Held) => void;
  readonly arriving: (travel: Travel) => void;
}

export class Transmission {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #told: Told;

  constructor(ground: Ground, hooks: Hooks, told: Told) {
    this.#ground = ground;
    this.#hooks = hooks;
    this.#told = told;
  }

  carry(held: Held, route: ModelRoute): void {
    const { space } = this.#ground;
    const { hop, situation } = held;
    const neighbours = this.#ground.neighbours(hop.station, situation.outDevice ?? '');
    if (route.via !== undefined) {
      const arrival = neighbours.at(situation.family, route.via.value);
      if (arrival === undefined) this.#told.ended('nobody-there', held);
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
    this.#told.ended('on-wire', { ...held, packets: rest });
  }

  /** To a neighbour, unless flows on the way keep it from being found. */
  #find(held: Held, arrival: Arrival, nexts: readonly Address[], members: readonly Station[]): void {
    const { hop, situation } = held;
    if (held.packets === EMPTY) return;
    if (finds(hop.station, situation.outDevice ?? '', nexts, arrival)) this.#cross(held, arrival, members);
    else this.#told.ended('nobody-there', held);
  }

  /** Over the bridges between, and in at the other end. */
  #cross({ hop, situation, packets: leaving }: Held, arrival: Arrival, members: readonly Station[]): void {
    const { model, space } = this.#ground;
    const world = { model, space, hooks: this.#hooks };
    const { state, family, sources = [] } = situation;
    for (const { end, packets, hops, rewritings } of crossed(world, hop.station, situation, arrival, leaving)) {
      const isChanged = rewritings.length > 0;
      const came = isChanged ? space.diagram.and(preimages(space.sets, rewritings, packets), leaving) : packets;
      const extent = isChanged ? space.extentOf(packets, 'source', family) : undefined;
      this.#told.arriving({
        station: end.station,
        members: end.station === arrival.station ? members : [end.station],
        device: end.device,
        before: [{ hop, packets: came, ...(isChanged && { rewritings }) }],
        packets,
        state,
        sources: extent === undefined ? sources : [extent],
        hops,
      });
    }
  }
}
