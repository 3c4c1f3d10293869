import { formatAddress, formatPrefix } from '../address/format.ts';
import type { Address } from '../address/ip.ts';
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import type { Difference } from '../engine/trace/differences.ts';
import type { FollowEvent } from '../engine/trace/follow-traffic.ts';
import type { Seen, SeenExchange } from '../engine/trace/seen.ts';
import type { Traced } from '../engine/trace/traced.ts';
import { commentOf, type Decision } from '../proof/evaluate.ts';
import type { Packet } from '../proof/packet.ts';
import type { Step } from '../proof/path/step.ts';
import { flowText } from '../resource/openflow.ts';
import { JSON_VERSION } from './terminal.ts';

type Json = Readonly<Record<string, unknown>>;

export interface JsonWords {
  /** A namespace in the words of the file. */
  readonly nameOf: (namespace: string) => string;
  /** Where in the file a rule's comment leads. */
  readonly originOf: (comment: string) => Origin | undefined;
  readonly locate: (origin: Origin) => Place | undefined;
}

/** A packet's way in `-o json`: namespaces by the names of the file, addresses as text, rules by the keys that lead to their line. */
export const explainedJson = ({ exchange, family, there, back, error, recognized }: SeenExchange, words: JsonWords): Json => ({
  exchange,
  family,
  there: traceJson(there, words),
  ...(back !== undefined && { back: traceJson(back, words) }),
  ...(error !== undefined && { error: { ...error.is, ...traceJson(error.trace, words) } }),
  ...((back !== undefined || error !== undefined) && { recognized }),
});

/** What the kernel did, in the same form, and where the model says something else. */
export const tracedJson = ({ differences, outcome, ...seen }: Traced, words: JsonWords): Json => ({
  ...explainedJson(seen, words),
  outcome: outcome.kind,
  differences: {
    there: differences.there.map((one) => differenceJson(one, words)),
    back: differences.back.map((one) => differenceJson(one, words)),
  },
});

/** One object a line. */
export const followedJson = (bottle: string, event: FollowEvent, words: JsonWords): string =>
  JSON.stringify({
    version: JSON_VERSION,
    kind: 'trace-watch',
    bottle,
    ...(event.event === 'packet'
      ? { event: event.event, time: event.time.toISOString(), packet: packetJson(event.seen.packet), ...traceJson(event.seen, words) }
      : event),
  });

const differenceJson = ({ model, kernel, endings }: Difference, words: JsonWords): Json => ({
  model: model.map((step) => stepJson(step, words)),
  kernel: kernel.map((step) => stepJson(step, words)),
  ...(endings !== undefined && { endings: { model: endingJson(endings.model, words), kernel: endingJson(endings.kernel, words) } }),
});

/** `told: false`: nobody tells of it, and it is as the model has it. */
const traceJson = ({ steps, ending, untold }: Seen, words: JsonWords): Json => ({
  ending: endingJson(ending, words),
  steps: steps.map((step) => ({ ...stepJson(step, words), ...(untold?.has(step) === true && { told: false }) })),
});

function endingJson(ending: Seen['ending'], words: JsonWords): Json {
  const at = words.nameOf(ending.at);
  if ('decision' in ending) return { kind: ending.kind, at, ...decisionJson(ending.decision, words) };
  if (ending.kind === 'nobody-there') return { ...ending, at, address: formatAddress(ending.address) };
  if (ending.kind === 'link-down') return { ...ending, at, down: { ...ending.down, at: words.nameOf(ending.down.at) } };
  if (ending.kind === 'unreachable') return { kind: ending.kind, at, ...originJson(ending.route?.origin, words) };
  return { ...ending, at };
}

function stepJson(step: Step, words: JsonWords): Json {
  const at = words.nameOf(step.at);
  switch (step.kind) {
    case 'sent':
      return { ...step, at, packet: packetJson(step.packet) };
    case 'received':
      return { kind: step.kind, at, device: step.device, ...(step.packet !== undefined && { packet: packetJson(step.packet) }) };
    case 'routed': {
      const { to, via, device, route } = step.route;
      const next = via !== undefined && { via: formatAddress(via) };
      return { kind: step.kind, at, to: formatPrefix(to), ...next, device, ...originJson(route?.origin, words) };
    }
    case 'masqueraded':
      return { kind: step.kind, at, ...decisionJson(step.decision, words) };
    case 'bridged':
      return { ...step, at: step.bridge };
    case 'filtered': {
      const { decision, ...rest } = step;
      return { ...rest, at, ...decisionJson(decision, words) };
    }
    case 'matched': {
      const { decision, flow, ...rest } = step;
      return {
        ...rest,
        at: step.bridge,
        ...(flow !== undefined && { priority: flow.priority, flow: flowText(flow) }),
        ...decisionJson(decision, words),
      };
    }
    case 'changed':
      return { ...step, at: step.bridge, before: frameJson(step.before), after: frameJson(step.after) };
    case 'translated':
      return {
        kind: step.kind,
        at,
        what: step.what,
        before: packetJson(step.before),
        after: packetJson(step.after),
        ...(step.decision !== undefined && decisionJson(step.decision, words)),
      };
    default:
      return { ...step, at };
  }
}

function decisionJson(decision: Decision, words: JsonWords): Json {
  const { verdict, by, chain } = decision;
  const rule = commentOf(decision);
  const origin = rule === undefined ? undefined : words.originOf(rule);
  return { verdict, chain: by?.chain ?? chain, ...(rule !== undefined && { rule }), ...originJson(origin, words) };
}

const originJson = (origin: Origin | undefined, { locate }: JsonWords): Json =>
  origin === undefined ? {} : { origin, ...placeJson(locate(origin)) };

const placeJson = (place: Place | undefined): Json => (place === undefined ? {} : { place });

const packetJson = ({ source, destination, protocol, sourcePort, destinationPort, icmpType, icmpCode, hopLimit, size }: Packet): Json => ({
  ...ends({ source, destination }),
  protocol,
  ...(sourcePort !== undefined && { sourcePort }),
  ...(destinationPort !== undefined && { destinationPort }),
  ...(icmpType !== undefined && { icmpType }),
  ...(icmpCode !== undefined && { icmpCode }),
  ...(hopLimit !== undefined && { hopLimit }),
  ...(size !== undefined && { size }),
});

const frameJson = (frame: Packet): Json => ({
  ...packetJson(frame),
  ...(frame.etherSource !== undefined && { etherSource: frame.etherSource }),
  ...(frame.etherDestination !== undefined && { etherDestination: frame.etherDestination }),
});

const ends = ({ source, destination }: { readonly source: Address; readonly destination: Address }): Json => ({
  source: formatAddress(source),
  destination: formatAddress(destination),
});
