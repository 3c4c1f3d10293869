/** Where the answer to a packet is lost, and to what. */
import { formatAddress } from '../../address/format.ts';
import type { Network } from '../../network/network.ts';
import { commentOf, type Decision } from '../../proof/evaluate.ts';
import type { Ending, Trace } from '../../proof/path/step.ts';
import { nameOfDown, nameOfPlace } from '../explain/place-names.ts';

export interface LostAnswer {
  /** A machine or router, `host`, or a switch. */
  readonly at: string;
  /** The hook of the rule that stops it, as `forward`; else why it goes no further, as `no route`. */
  readonly what: string;
  /** Where in the file that is said, as a rule's comment. */
  readonly because?: string;
}

/** @param back the way of an answer that does not come back, or that its asker does not know */
export function lostAnswer(network: Network, { steps, ending }: Trace): LostAnswer {
  const at = nameOfPlace(network, ending.at, steps);
  if (!('decision' in ending)) return { at, what: wordsFor(network, ending) };
  const last = steps.findLast((step) => step.kind === 'filtered' || step.kind === 'matched');
  const what = last?.kind === 'filtered' ? last.hook : 'flows';
  const because = commentOf(ending.decision);
  return { at, what, ...(because !== undefined && { because }) };
}

function wordsFor(network: Network, ending: Exclude<Ending, { readonly decision: Decision }>): string {
  switch (ending.kind) {
    case 'delivered':
      return 'not known for an answer';
    case 'unreachable':
      return 'no route';
    case 'undecided':
      return 'several equally good ways';
    case 'nobody-there':
      return `nobody answers for ${formatAddress(ending.address)}`;
    case 'link-down':
      return `${nameOfDown(network, ending.down)} is down`;
    default:
      return ending.kind.replaceAll('-', ' ');
  }
}

/** `answer lost at core (forward)`. @param place of `because` in the file, where it is known */
export const lostText = ({ at, what }: LostAnswer, place?: string): string =>
  `answer lost at ${at} (${place === undefined ? what : `${what}, ${place}`})`;
