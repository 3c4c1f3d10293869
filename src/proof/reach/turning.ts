/**
 * Answers to packets, kept as what they answer: only the type of an echo differs (RFC 792, RFC 4443).
 *
 * Rules and routes are asked with what is turned round instead: changing the places of addresses in a diagram would
 * take more than everything else.
 */
import type { Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import { intersection } from '../sets/stretches.ts';
import type { Space } from './space.ts';

export class Turning {
  readonly #space: Space;
  readonly #typeBits: Node;

  constructor(space: Space) {
    this.#space = space;
    this.#typeBits = space.keep(
      intersection(
        space.diagram,
        space.typeBits.map((bit) => space.diagram.variable(bit)),
      ),
    );
  }

  answersTo(packets: Node, family: Family): Node {
    return this.#retyped(packets, family, 'echo-request', 'echo-reply');
  }

  answeredBy(packets: Node, family: Family): Node {
    return this.#retyped(packets, family, 'echo-reply', 'echo-request');
  }

  #retyped(packets: Node, family: Family, from: string, to: string): Node {
    const { diagram } = this.#space;
    const echo = diagram.and(packets, this.#space.messages(family, from));
    const retyped = diagram.and(diagram.exists(echo, this.#typeBits), this.#space.messages(family, to));
    return diagram.or(diagram.diff(packets, echo), retyped);
  }
}
