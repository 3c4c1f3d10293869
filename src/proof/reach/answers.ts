/**
 * Answers to packets that were delivered: which of them come back to whoever asked.
 *
 * A set of answers is kept as what it answers, as that is at the same place: then NAT undone is NAT as it was done, read
 * backwards. Where answers come by a router that has not seen what they answer, it does not know them.
 */
import type { Family } from '../../address/ip.ts';
import type { Station } from '../path/model.ts';
import { NotFollowed } from '../path/not-followed.ts';
import { HOP_LIMIT } from '../raw-bits.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimages } from '../sets/rewriting.ts';
import { union } from '../sets/stretches.ts';
import { AnswerRoutes, type Carried } from './answer-routes.ts';
import { AnswerRules, type Lose, type Passing, type Reading, type Stage } from './answer-rules.ts';
import { unchanged } from './frame-changes.ts';
import type { Ground } from './ground.ts';
import { Hooks } from './hooks.ts';
import { asArrived, asSent, type Hop, pathOf } from './hop.ts';
import type { Leaf } from './leaf.ts';
import { Turning } from './turning.ts';

/** Told of answers: by what they answer, as it was sent, and with the stations that they have left. */
export interface AnswerWitness {
  readonly back: (asked: Node, passed: readonly Station[]) => void;
  readonly lost: (asked: Node, passed: readonly Station[], at: Station, stage: Stage) => void;
}

interface Answer extends Carried {
  /** Of the path there, the last that the answer has not passed. */
  readonly index: number;
  /** It comes from the hop behind that, and so over the wire that what it answers took. */
  readonly isNext: boolean;
  readonly passed: readonly Station[];
}

export class Answers {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #turning: Turning;
  readonly #witness: AnswerWitness | undefined;

  constructor(ground: Ground, witness?: AnswerWitness) {
    this.#ground = ground;
    this.#hooks = new Hooks(ground);
    this.#turning = new Turning(ground.space);
    this.#witness = witness;
  }

  /** Of the packets of a leaf that is `delivered`, as they were when they were sent, those whose answers come back. */
  to({ hop, packets }: Leaf, family: Family): Node {
    const reading: Reading = { ground: this.#ground, hooks: this.#hooks, turning: this.#turning, family };
    const run = new Run(reading, pathOf(hop), packets, this.#witness);
    return this.#ground.space.diagram.and(run.back(), asSent(this.#ground.space, hop, packets));
  }
}

class Run {
  readonly #ground: Ground;
  readonly #rules: AnswerRules;
  readonly #routes: AnswerRoutes;
  readonly #path: readonly Hop[];
  readonly #delivered: Node;
  readonly #witness: AnswerWitness | undefined;
  readonly #family: Family;
  readonly #back: Node[] = [];
  readonly #answers: Answer[] = [];
  #legs: readonly Node[] | undefined;

  constructor(reading: Reading, path: readonly Hop[], delivered: Node, witness: AnswerWitness | undefined) {
    this.#ground = reading.ground;
    this.#family = reading.family;
    this.#rules = new AnswerRules(reading);
    this.#routes = new AnswerRoutes(reading);
    this.#path = path;
    this.#delivered = delivered;
    this.#witness = witness;
  }

  back(): Node {
    const last = this.#path.length - 1;
    const hop = this.#path[last];
    if (hop === undefined) return EMPTY;
    // Whoever talks to itself.
    if (last === 0) return asArrived(this.#ground.space, hop, this.#delivered);
    const lose = this.#loser(hop.station, last, []);
    const passing = this.#rules.known(hop, this.#delivered, { hops: HOP_LIMIT }, lose);
    this.#onward(hop.station, hop.members, last, passing, [], lose, true);
    for (const answer of this.#answers) this.#arrive(answer);
    return union(this.#ground.space.diagram, this.#back);
  }

  #arrive(answer: Answer): void {
    const { station, device, index, hops, passed } = answer;
    const { diagram } = this.#ground.space;
    const arrived = { hops, inDevice: device };
    let rest = this.#undone(answer);
    for (let at = index; at >= 0; at--) {
      const hop = this.#path[at];
      if (rest === EMPTY || hop === undefined || !hop.members.includes(station)) continue;
      // Where hops are left out that translated what is answered, it is not the answer that this one waits for.
      const known = at === index ? rest : diagram.and(rest, this.#legFrom(at));
      if (known === EMPTY) continue;
      const lose = this.#loser(station, at, passed);
      const passing = this.#rules.known(hop, known, arrived, lose);
      if (at > 0) this.#onward(station, hop.members, at, passing, passed, lose, true);
      else {
        const home = this.#rules.home(hop, passing, lose);
        this.#back.push(home);
        if (home !== EMPTY) this.#witness?.back(home, passed);
      }
      rest = diagram.diff(rest, known);
    }
    if (rest === EMPTY) return;
    const lose = this.#loser(station, index + 1, passed);
    for (const passing of this.#rules.unknown(station, rest, arrived, lose))
      this.#onward(station, [station], index + 1, passing, passed, lose, false);
  }

  /**
   * What is answered, as it left the hop on which the answer comes in. Where flows have changed what is answered, they have to change the
   * answer back: to whoever asked it is none otherwise.
   *
   * @throws NotFollowed where changed packets are answered another way, or what is no answer goes on
   */
  #undone({ station, asked, index, isNext, rewritings, passed }: Answer): Node {
    const { space } = this.#ground;
    const { diagram } = space;
    const isChanged = this.#path.some(({ before: [came] }) => came?.rewritings !== undefined);
    if (!isChanged && rewritings.length === 0) return asked;
    const [hop, came] = [this.#path[index], this.#path[index + 1]?.before[0]];
    if (hop === undefined || came === undefined || !isNext) throw notFollowed('come another way');
    const there = came.rewritings ?? [];
    const left = diagram.and(preimages(space.sets, there, asked), came.packets);
    const isHome = hop.members.includes(station);
    if (!isHome && this.#path.some(({ members }) => members.includes(station))) throw notFollowed('come another way');
    const known = isHome ? diagram.and(left, unchanged(space, [...there, ...rewritings])) : EMPTY;
    const lost = diagram.diff(left, known);
    if (lost !== EMPTY && station.forwards(this.#family)) throw notFollowed(`go on at ${station.namespace} as something else`);
    if (lost !== EMPTY) this.#witness?.lost(asSent(space, hop, lost), passed, station, 'prerouting');
    return known;
  }

  /** What is delivered in the end, as it left a hop. */
  #legFrom(index: number): Node {
    this.#legs ??= this.#path.map((_, at) =>
      this.#path.slice(at + 1).reduceRight((set, hop) => asArrived(this.#ground.space, hop, set), this.#delivered),
    );
    return this.#legs[index] ?? EMPTY;
  }

  /** @param index of the path there, the hop that the answer leaves */
  #onward(
    station: Station,
    members: readonly Station[],
    index: number,
    passing: Passing,
    passed: readonly Station[],
    lose: Lose | undefined,
    isNext: boolean,
  ): void {
    for (const carried of this.#routes.from(station, members, passing, lose))
      this.#answers.push({ ...carried, index: index - 1, isNext, passed: [...passed, station] });
  }

  /** @param index of the path there, the hop to which that came which is answered */
  #loser(at: Station, index: number, passed: readonly Station[]): Lose | undefined {
    const witness = this.#witness;
    if (witness === undefined) return undefined;
    const before = this.#path[index - 1];
    return (stage, asked) => witness.lost(before === undefined ? asked : asSent(this.#ground.space, before, asked), passed, at, stage);
  }
}

const notFollowed = (what: string): NotFollowed =>
  new NotFollowed(`flows change packets whose answers ${what}, and whether they are known for answers then is not followed`);
