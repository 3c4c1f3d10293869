/** A packet that sets have named, followed by the evaluator, which knows nothing of sets. */
import { commentOf } from '../../proof/evaluate.ts';
import { follow, followArrival } from '../../proof/path/follow.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Trace } from '../../proof/path/step.ts';
import type { Sent } from '../../proof/reach/sent-packet.ts';
import { returnOf } from '../explain/explain.ts';

export interface Replayed {
  readonly there: Trace;
  /** What comes back, where anything does. */
  readonly back?: Trace;
  /** It gets to where it was sent, or out of what is known. */
  readonly arrives: boolean;
  /** Its sender gets an answer, or a reset, and knows it for one. */
  readonly isAnswered: boolean;
}

/** @param fromOutside it comes in at the host, by an interface that the file does not know */
export function replay(model: Model, namespace: string, packet: Sent, fromOutside: boolean): Replayed {
  const run = { model, trackings: new Map() };
  const start = fromOutside ? { namespace, device: '' } : { namespace };
  const there = fromOutside ? followArrival(run, namespace, '', packet) : follow(run, namespace, packet);
  const isOutside = there.ending.kind === 'outside';
  if (there.ending.kind !== 'delivered') return { there, arrives: isOutside, isAnswered: isOutside };
  const { back, recognized } = returnOf(run, start, there);
  return { there, ...(back && { back }), arrives: true, isAnswered: back !== undefined && recognized };
}

/** The places in the file, as comments of rules, of what lets a packet pass that it comes to. */
export const commentsOf = ({ there }: Replayed): readonly string[] =>
  there.steps.flatMap((step) => {
    if ((step.kind !== 'filtered' && step.kind !== 'matched') || step.decision.verdict !== 'accept') return [];
    const comment = commentOf(step.decision);
    return comment === undefined ? [] : [comment];
  });
