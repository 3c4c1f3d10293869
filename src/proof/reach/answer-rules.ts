/** What the rules of one station do to answers. */
import type { Family } from '../../address/ip.ts';
import type { Hook } from '../../resource/ruleset/chain.ts';
import { CONNTRACK } from '../path/hooks.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { preimage } from '../sets/rewriting.ts';
import type { Ground } from './ground.ts';
import type { Hooks, Situation } from './hooks.ts';
import { asArrived, type Hop } from './hop.ts';
import type { Turning } from './turning.ts';

/** Answers are kept as what they answer (`Turning`), in one family. */
export interface Reading {
  readonly ground: Ground;
  readonly hooks: Hooks;
  readonly turning: Turning;
  readonly family: Family;
}

/** Where at a station an answer is lost: at a hook, on a bridge behind it, for want of a route, or on the wire. */
export type Stage = Hook['hook'] | 'bridge' | 'source' | 'route' | 'wire';

/** Told of what is answered by what is lost, as it was when it came to the station. */
export type Lose = (stage: Stage, asked: Node) => void;

/** Answers at a station, on their way from its first hooks to its routes. */
export interface Passing {
  readonly asked: Node;
  readonly situation: Situation;
  /** What packets were when they came that leave so. */
  readonly arrived: (left: Node) => Node;
  readonly how: 'output' | 'forward';
}

type Arrived = Pick<Situation, 'hops' | 'inDevice'>;

export class AnswerRules {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** By a station that knows what is answered, and sends the answer itself unless that comes in. @param asked as it left */
  known(hop: Hop, asked: Node, { hops, inDevice }: Arrived, lose?: Lose): Passing {
    const { ground, hooks, family } = this.#reading;
    const { space } = ground;
    const { diagram, sets } = space;
    const source = hop.rewritten.find(({ what }) => what === 'source')?.rewriting;
    const dnat = hop.rewritten.some(({ what }) => what === 'destination');
    const situation: Situation = {
      ...{ family, state: 'established', direction: 'reply', turned: true, dnat, hops },
      ...(inDevice !== undefined && { inDevice }),
    };
    const arrived = (left: Node): Node =>
      asArrived(space, { ...hop, rewritten: hop.rewritten.filter(({ what }) => what === 'destination') }, left);
    const all = source === undefined ? asked : preimage(sets, source, asked);
    const told = (stage: Stage, before: Node, after: Node): Node => {
      if (lose !== undefined && before !== after) lose(stage, arrived(diagram.diff(before, after)));
      return after;
    };
    if (inDevice === undefined) {
      const sent = diagram.and(all, this.#answeredBy(hooks.filter(hop.station, 'output', situation, this.#answersTo(all))));
      return { asked: told('output', all, sent), situation, arrived, how: 'output' };
    }
    // As it comes, before anything is translated back.
    const coming = hooks.filter(hop.station, 'prerouting', { ...situation, state: 'invalid' }, this.#answersTo(asked), { to: CONNTRACK });
    const known = diagram.and(asked, this.#answeredBy(coming));
    let middle = source === undefined ? known : diagram.and(all, preimage(sets, source, known));
    const passed = hooks.filter(hop.station, 'prerouting', situation, this.#answersTo(middle), { from: CONNTRACK });
    middle = told('prerouting', all, diagram.and(middle, this.#answeredBy(passed)));
    const believed = this.#believed(hop.station, hop.members.length, inDevice, middle);
    return { asked: told('source', middle, believed), situation, arrived, how: 'forward' };
  }

  /** Back at whoever asked. @returns what is answered, as it was sent */
  home({ station }: Hop, { asked, situation, arrived }: Passing, lose?: Lose): Node {
    const { diagram } = this.#reading.ground.space;
    const delivered = diagram.and(asked, this.#answeredBy(this.#reading.hooks.filter(station, 'input', situation, this.#answersTo(asked))));
    if (delivered !== asked) lose?.('input', arrived(diagram.diff(asked, delivered)));
    return arrived(delivered);
  }

  /** By a station that does not: to its tracking an answer is new, or nothing at all. */
  unknown(station: Station, asked: Node, { hops, inDevice = '' }: Arrived, lose?: Lose): readonly Passing[] {
    const { ground, hooks, family } = this.#reading;
    const { space } = ground;
    const { diagram } = space;
    const answers = this.#answersTo(asked);
    const tcp = space.sets.among(['meta l4proto'], [['tcp'], ['icmp'], ['ipv6-icmp']]);
    return (['invalid', 'new'] as const).flatMap((state): readonly Passing[] => {
      const part = state === 'invalid' ? diagram.and(answers, tcp) : diagram.diff(answers, tcp);
      if (part === EMPTY) return [];
      const situation: Situation = { family, state, direction: 'original', turned: true, dnat: false, hops, inDevice };
      let on = hooks.filter(station, 'prerouting', { ...situation, state: 'invalid' }, part, { to: CONNTRACK });
      // An answer that is translated anew is none any more.
      if (state === 'new') on = hooks.translate(station, 'prerouting', situation, on).rest;
      on = hooks.filter(station, 'prerouting', situation, on, { from: CONNTRACK });
      if (lose !== undefined && on !== part) lose('prerouting', this.#answeredBy(diagram.diff(part, on)));
      const answered = this.#answeredBy(on);
      const believed = this.#believed(station, 1, inDevice, answered);
      if (lose !== undefined && believed !== answered) lose('source', diagram.diff(answered, believed));
      return [{ asked: believed, situation, arrived: (left) => left, how: 'forward' }];
    });
  }

  /**
   * Answers that come in by where their source could be, and not from an address of whoever gets them (fib_validate_source): it is
   * the destination of what they answer.
   *
   * @param members of the class that the station stands for
   */
  #believed(station: Station, members: number, device: string, asked: Node): Node {
    const { ground, family } = this.#reading;
    if (family === 6) return asked;
    const { diagram } = ground.space;
    const foreign = members === 1 ? diagram.diff(asked, ground.own(station, family, 'destination')) : asked;
    return diagram.and(foreign, ground.feasible(station, device, 'destination'));
  }

  #answersTo = (packets: Node): Node => this.#reading.turning.answersTo(packets, this.#reading.family);
  #answeredBy = (packets: Node): Node => this.#reading.turning.answeredBy(packets, this.#reading.family);
}
