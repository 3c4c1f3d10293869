import { formatAddress, formatPrefix } from '../address/format.ts';
import type { Address } from '../address/ip.ts';
import type { Difference } from '../engine/trace/differences.ts';
import type { FollowEvent } from '../engine/trace/follow-traffic.ts';
import type { Seen, SeenExchange } from '../engine/trace/seen.ts';
import type { Traced } from '../engine/trace/traced.ts';
import type { Decision } from '../proof/evaluate.ts';
import type { Packet } from '../proof/packet.ts';
import type { Step } from '../proof/path/step.ts';
import { flowText } from '../resource/openflow.ts';
import { JSON_VERSION } from './terminal.ts';

type Json = Readonly<Record<string, unknown>>;
type NameOf = (namespace: string) => string;

/** A packet's way in `-o json`: namespaces by the names of the file, addresses as text, rules by their comments. */
export const explainedJson = ({ exchange, family, there, back, error, recognized }: SeenExchange, nameOf: NameOf): Json => ({
  exchange,
  family,
  there: traceJson(there, nameOf),
  ...(back !== undefined && { back: traceJson(back, nameOf) }),
  ...(error !== undefined && { error: { ...error.is, ...traceJson(error.trace, nameOf) } }),
  ...((back !== undefined || error !== undefined) && { recognized }),
});

/** What the kernel did, in the same form, and where the model says something else. */
export const tracedJson = ({ differences, outcome, ...seen }: Traced, nameOf: NameOf): Json => ({
  ...explainedJson(seen, nameOf),
  outcome: outcome.kind,
  differences: {
    there: differences.there.map((one) => differenceJson(one, nameOf)),
    back: differences.back.map((one) => differenceJson(one, nameOf)),
  },
});

/** One object a line. */
export const followedJson = (bottle: string, event: FollowEvent, nameOf: NameOf): string =>
  JSON.stringify({
    version: JSON_VERSION,
    kind: 'trace-watch',
    bottle,
    ...(event.event === 'packet'
      ? { event: event.event, time: event.time.toISOString(), packet: packetJson(event.seen.packet), ...traceJson(event.seen, nameOf) }
      : event),
  });

const differenceJson = ({ model, kernel, endings }: Difference, nameOf: NameOf): Json => ({
  model: model.map((step) => stepJson(step, nameOf)),
  kernel: kernel.map((step) => stepJson(step, nameOf)),
  ...(endings !== undefined && { endings: { model: endingJson(endings.model, nameOf), kernel: endingJson(endings.kernel, nameOf) } }),
});

/** `told: false`: nobody tells of it, and it is as the model has it. */
const traceJson = ({ steps, ending, untold }: Seen, nameOf: NameOf): Json => ({
  ending: endingJson(ending, nameOf),
  steps: steps.map((step) => ({ ...stepJson(step, nameOf), ...(untold?.has(step) === true && { told: false }) })),
});

function endingJson(ending: Seen['ending'], nameOf: NameOf): Json {
  const at = nameOf(ending.at);
  if ('decision' in ending) return { kind: ending.kind, at, ...decisionJson(ending.decision) };
  if (ending.kind === 'nobody-there') return { ...ending, at, address: formatAddress(ending.address) };
  if (ending.kind === 'link-down') return { ...ending, at, down: { ...ending.down, at: nameOf(ending.down.at) } };
  if (ending.kind === 'unreachable') return { kind: ending.kind, at };
  return { ...ending, at };
}

function stepJson(step: Step, nameOf: NameOf): Json {
  const at = nameOf(step.at);
  switch (step.kind) {
    case 'sent':
      return { ...step, at, packet: packetJson(step.packet) };
    case 'received':
      return { kind: step.kind, at, device: step.device, ...(step.packet !== undefined && { packet: packetJson(step.packet) }) };
    case 'routed': {
      const { to, via, device } = step.route;
      return { kind: step.kind, at, to: formatPrefix(to), ...(via !== undefined && { via: formatAddress(via) }), device };
    }
    case 'masqueraded':
      return { kind: step.kind, at, ...decisionJson(step.decision) };
    case 'filtered': {
      const { decision, ...rest } = step;
      return { ...rest, at, ...decisionJson(decision) };
    }
    case 'matched': {
      const { decision, flow, ...rest } = step;
      return { ...rest, at, ...(flow !== undefined && { priority: flow.priority, flow: flowText(flow) }), ...decisionJson(decision) };
    }
    case 'translated':
      return {
        kind: step.kind,
        at,
        what: step.what,
        before: packetJson(step.before),
        after: packetJson(step.after),
        ...(step.decision !== undefined && decisionJson(step.decision)),
      };
    default:
      return { ...step, at };
  }
}

const decisionJson = ({ verdict, by, chain }: Decision): Json => ({
  verdict,
  chain: by?.chain ?? chain,
  ...(by !== undefined && { rule: by.element || by.rule.comment }),
});

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

const ends = ({ source, destination }: { readonly source: Address; readonly destination: Address }): Json => ({
  source: formatAddress(source),
  destination: formatAddress(destination),
});
