/** What was seen of a packet, in the words in which the model tells of one. */
import type { Family } from '../../address/ip.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Ending, Step } from '../../proof/path/step.ts';

/** Ends that the kernel does not explain. */
type Unexplained =
  /** It was seen at a hook, and not again. */
  | { readonly kind: 'vanished'; readonly at: string; readonly hook: string }
  /** It was not seen at all: `reason` is what its sender was told. */
  | { readonly kind: 'not-sent'; readonly at: string; readonly reason: string };

export interface Seen {
  readonly steps: readonly Step[];
  readonly ending: Ending | Unexplained;
  /** Steps of which nobody tells, as the model has them: in between all is as it says. */
  readonly untold?: ReadonlySet<Step>;
  /** As it was in the end. */
  readonly packet: Packet;
}

/** The same as of `Explained`, from whoever tells it. */
export interface SeenExchange {
  /** `tcp/80`, `ping`. */
  readonly exchange: string;
  readonly family: Family;
  readonly there: Seen;
  /** The answer, or the reset of whoever refuses it. */
  readonly back?: Seen;
  readonly error?: {
    readonly is: { readonly name: string; readonly type: number; readonly code: number; readonly mtu?: number };
    readonly trace: Seen;
  };
  /** Whether whoever sent it knows what comes back for its own. */
  readonly recognized: boolean;
}
