/** A packet that sets have named, followed by the evaluator, which knows nothing of sets. */
import { commentOf } from '../../proof/evaluate.ts';
import { recognizes, responseTo } from '../../proof/path/answer.ts';
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

/** The answer to a packet that arrives, whether or not anybody listens there; undefined where nothing is ever answered. */
export function answerTo(model: Model, namespace: string, packet: Sent): { readonly back: Trace; readonly isKnown: boolean } | undefined {
  const run = { model, trackings: new Map() };
  const there = follow(run, namespace, packet);
  const { ending } = there;
  if (ending.kind !== 'delivered') return undefined;
  const heard: Trace = ending.listener === 'nobody' ? { ...there, ending: { ...ending, listener: 'built-in' } } : there;
  const response = responseTo(heard);
  const sent = there.steps.find((step) => step.kind === 'sent')?.packet;
  if (response === undefined || sent === undefined) return undefined;
  const back = follow(run, response.at, response.opening);
  return { back, isKnown: back.ending.kind === 'delivered' && back.ending.at === namespace && recognizes(sent, back) };
}

/** The places in the file, as comments of rules, of what lets a packet pass that it comes to. */
export const commentsOf = ({ there }: Replayed): readonly string[] =>
  there.steps.flatMap((step) => {
    if ((step.kind !== 'filtered' && step.kind !== 'matched') || step.decision.verdict !== 'accept') return [];
    const comment = commentOf(step.decision);
    return comment === undefined ? [] : [comment];
  });
