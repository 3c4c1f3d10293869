/** Ends that the kernel does not tell of: no route, nobody there, a reverse path, the hop limit. The model has names for them. */
import type { Model } from '../../proof/path/model.ts';
import type { Ending, Trace } from '../../proof/path/step.ts';
import { differencesOf } from './differences.ts';
import type { Seen } from './seen.ts';
import { untoldOf } from './told.ts';

/** What the kernel says by itself is never taken from the model. */
const TOLD: ReadonlySet<Ending['kind']> = new Set(['delivered', 'dropped', 'rejected', 'outside']);

/** The model's reason, where the packet was seen to come as far as the model says, and no further. */
export function explainedEnd(model: Trace, seen: Seen, network: Model): Seen {
  const { ending } = seen;
  if ((ending.kind !== 'vanished' && ending.kind !== 'not-sent') || !isUntold(model, ending.at, network)) return seen;
  const named: Seen = { ...seen, ending: model.ending };
  return differencesOf(model, named, network).length === 0 ? named : seen;
}

/** Flows of a switch drop without a word, and so does whatever a packet meets that another is in. */
function isUntold({ steps, ending }: Trace, last: string, network: Model): boolean {
  const end = steps.at(-1);
  if (end !== undefined && end.kind !== 'fragmented' && untoldOf(steps, network).has(end)) return ending.kind !== 'delivered';
  return !TOLD.has(ending.kind) && ending.at === last;
}
