/** How packets end that no rule refuses. */
import type { Node } from '../sets/diagram.ts';
import type { Hop } from './hop.ts';

export type Fate =
  | 'delivered'
  /** By an interface of the host that the file does not know. */
  | 'outside'
  | 'no-route'
  | 'unreachable'
  /** There are several ways, of which the kernel takes one for each flow. */
  | 'undecided'
  | 'not-forwarded'
  | 'martian-source'
  | 'reverse-path'
  /** Out by a device, to whoever has the address there: `landings` tells. */
  | 'on-wire'
  | 'nobody-there'
  | 'hop-limit';

/** Packets that all came the same way and ended alike. */
export interface Leaf {
  readonly fate: Fate;
  /** Where they ended. */
  readonly hop: Hop;
  /** As they were there. */
  readonly packets: Node;
  /** Of those that are `on-wire`. */
  readonly device?: string;
}
