/** A packet that sets have named, followed by the evaluator, which knows nothing of sets. */

import { commentOf } from '../../proof/evaluate.ts';
import type { Packet } from '../../proof/packet.ts';
import { recognizes, responseTo } from '../../proof/path/answer.ts';
import { follow, followArrival } from '../../proof/path/follow.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Trace } from '../../proof/path/step.ts';
import type { Sent } from '../../proof/reach/sent-packet.ts';

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
  const there = fromOutside ? followArrival(run, namespace, '', packet) : follow(run, namespace, packet);
  const isOutside = there.ending.kind === 'outside';
  if (there.ending.kind !== 'delivered') return { there, arrives: isOutside, isAnswered: isOutside };
  const response = responseTo(there);
  if (response === undefined || typeof response.what === 'object') return { there, arrives: true, isAnswered: false };
  const back = follow(run, response.at, response.opening);
  const sent: Packet = { ...packet, state: 'new', dnat: false, local: false };
  const comesBack = fromOutside ? back.ending.kind === 'outside' : back.ending.kind === 'delivered' && back.ending.at === namespace;
  return { there, back, arrives: true, isAnswered: comesBack && (fromOutside || recognizes(sent, back)) };
}

/** The places in the file, as comments of rules, of what lets a packet pass that it comes to. */
export const commentsOf = ({ there }: Replayed): readonly string[] =>
  there.steps.flatMap((step) => {
    if (step.kind !== 'filtered' || step.decision.verdict !== 'accept') return [];
    const comment = commentOf(step.decision);
    return comment === undefined ? [] : [comment];
  });
