/** What was seen of an exchange, side by side with what the model says of it. */
import type { Outcome } from '../../observe/probe/probe.ts';
import type { Journey } from '../../observe/trace/journey.ts';
import type { Tag } from '../../observe/trace/selection.ts';
import type { Packet } from '../../proof/packet.ts';
import { withEveryHook } from '../../proof/path/every-hook.ts';
import { follow } from '../../proof/path/follow.ts';
import { icmpErrorName } from '../../proof/path/icmp-error.ts';
import type { Trace } from '../../proof/path/step.ts';
import { type Explained, returnOf } from '../explain/explain.ts';
import { type Difference, differencesOf } from './differences.ts';
import { directionOf } from './direction.ts';
import { explainedEnd } from './explained-end.ts';
import type { Seen, SeenExchange } from './seen.ts';
import type { Sight } from './sight.ts';
import { seenOf } from './way.ts';
import { withUntold } from './with-untold.ts';

export interface Tried {
  readonly explained: Explained;
  readonly tag: Tag;
  /** A namespace. */
  readonly from: string;
  /** As the model has it leave. */
  readonly sent: Packet;
}

export interface Traced extends SeenExchange {
  /** Of the way back only where the way there is the same: what differs there leads elsewhere. */
  readonly differences: { readonly there: readonly Difference[]; readonly back: readonly Difference[] };
  /** What the sender was told. */
  readonly outcome: Outcome;
}

export function tracedOf({ explained, tag, from, sent }: Tried, journeys: readonly Journey[], outcome: Outcome, sight: Sight): Traced {
  const { model } = sight;
  const found = (direction: 'there' | 'back'): Journey | undefined => journeys.find((journey) => directionOf(journey, tag) === direction);
  const [question, answer] = [found('there'), found('back')];
  const run = { model, trackings: new Map() };
  const { state: _state, dnat: _dnat, local: _local, ...opening } = sent;
  const said = withEveryHook(follow(run, from, { ...opening, ...(sent.sourcePort !== undefined && { sourcePort: tag.number }) }));
  const there = explainedEnd(said, question === undefined ? unsent(from, sent, outcome) : seenOf(question, sight), model);
  const saidBack = ((one) => one.back ?? one.error?.trace)(returnOf(run, { namespace: from }, heeding(said, there)));
  const heard = answer === undefined ? undefined : asBack(seenOf(answer, sight));
  // What the sender's own kernel tells it is no packet on the way: the model does not have it.
  const isOwn = saidBack === undefined && heard !== undefined && isError(heard.packet) && heard.steps[0]?.at === from;
  const back = heard === undefined ? unanswered(saidBack, there) : isOwn ? undefined : heard;
  const named = saidBack && back ? explainedEnd(saidBack, back, model) : back;
  const differences = differencesOf(said, there, model);
  return {
    exchange: explained.exchange,
    family: explained.family,
    there: withUntold(said, there, model),
    ...(named !== undefined && returned(saidBack === undefined ? named : withUntold(saidBack, named, model))),
    recognized: RECOGNIZED.has(outcome.kind),
    differences: { there: differences, back: differences.length > 0 ? [] : backDifferences(saidBack, named, sight) },
    outcome,
  };
}

const RECOGNIZED: ReadonlySet<Outcome['kind']> = new Set<Outcome['kind']>(['answered', 'refused', 'unreachable', 'too-big']);

function backDifferences(said: Trace | undefined, back: Seen | undefined, { model }: Sight): readonly Difference[] {
  if (back === undefined) return [];
  return said === undefined ? [{ model: [], kernel: back.steps }] : differencesOf(said, back, model);
}

/** Whether somebody listens is for the kernel to say, where the file does not know. */
function heeding(said: Trace, { ending }: Seen): Trace {
  const open = said.ending.kind === 'delivered' && (said.ending.listener === 'nobody' || said.ending.listener === 'perhaps a program');
  return open && ending.kind === 'delivered' ? { ...said, ending: { ...said.ending, listener: ending.listener } } : said;
}

function unsent(at: string, packet: Packet, outcome: Outcome): Seen {
  const reason = outcome.kind === 'no-route' ? outcome.code : outcome.kind === 'failed' ? outcome.message : outcome.kind;
  return { steps: [], packet, ending: { kind: 'not-sent', at, reason } };
}

/** Where an answer is sure to come and none was seen. Programs may keep silent. */
function unanswered(said: Trace | undefined, { ending, packet }: Seen): Seen | undefined {
  if (said === undefined || (ending.kind === 'delivered' && ending.listener === 'perhaps a program')) return undefined;
  return { steps: [], packet, ending: { kind: 'not-sent', at: ending.at, reason: 'no answer' } };
}

/** Whoever asked waits for it. */
const asBack = (seen: Seen): Seen => (seen.ending.kind === 'delivered' ? { ...seen, ending: { ...seen.ending, listener: 'asker' } } : seen);

/** ICMP types of errors; in IPv6 all below 128. */
const ERRORS4: ReadonlySet<number> = new Set([3, 11, 12]);

const isError = ({ family, icmpType: type }: Packet): boolean => type !== undefined && (family === 4 ? ERRORS4.has(type) : type < 128);

function returned(trace: Seen): Pick<SeenExchange, 'back' | 'error'> {
  const { family, icmpType: type, icmpCode: code = 0 } = trace.packet;
  if (type === undefined || !isError(trace.packet)) return { back: trace };
  return { error: { is: { name: icmpErrorName(family, type, code) ?? 'error', type, code }, trace } };
}
