import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import { commentOf, type Decision } from '../proof/evaluate.ts';
import type { Packet } from '../proof/packet.ts';
import type { Ending, Step } from '../proof/path/step.ts';
import type { Terminal } from './terminal.ts';

/** What is said of the way of a packet with the file at hand. */
export interface TraceWords {
  readonly colors: Terminal['colors'];
  /** A namespace in the words of the file; of the switches, the one that the last of `steps` is at. */
  readonly nameOf: (namespace: string, steps?: readonly Step[]) => string;
  /** A device that is down, as a cable. */
  readonly nameOfDown: (down: Extract<Ending, { kind: 'link-down' }>['down']) => string;
  /** Where in the file a rule's comment leads. */
  readonly placeOf: (comment: string) => Place | undefined;
  readonly locate: (origin: Origin) => Place | undefined;
  /** The machine that would have an address, were it not stopped. */
  readonly stopped?: (address: Packet['source']) => string | undefined;
}

export interface Line {
  readonly at: string;
  readonly text: string;
  readonly place?: Place | undefined;
  /** What the place is called: `policy.hub -> jump`. */
  readonly comment?: string | undefined;
  /** Nobody tells of it. */
  readonly untold?: boolean;
}

/** The rule that has decided. */
export function ruleOf({ placeOf }: TraceWords, decision: Decision): Pick<Line, 'comment' | 'place'> {
  const comment = commentOf(decision);
  return comment === undefined ? {} : { comment, place: placeOf(comment) };
}
