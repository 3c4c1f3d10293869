/** What the evaluator says becomes of a packet, in the words of whoever sent it. */
import type { Address, Family } from '../../src/address/ip.ts';
import { namespaceOf } from '../../src/compile/placement.ts';
import { exchangesOf } from '../../src/engine/explain/exchange.ts';
import { codeOf } from '../../src/proof/field-codes.ts';
import { type Response, recognizes, responseTo } from '../../src/proof/path/answer.ts';
import { follow, type Network, type Opening } from '../../src/proof/path/follow.ts';
import type { IcmpError } from '../../src/proof/path/icmp-error.ts';
import type { Model } from '../../src/proof/path/model.ts';
import { NotFollowed } from '../../src/proof/path/not-followed.ts';
import type { Ending, Trace } from '../../src/proof/path/step.ts';
import { HOST } from '../../src/resource/resource.ts';
import { type Asked, HOST_NAME } from './packets.ts';

export type Said =
  | { readonly kind: 'answered' }
  /** `by` sends a reset, or says that nobody listens. */
  | { readonly kind: 'refused'; readonly by: string }
  /** `by` says so with an ICMP error. `late`: a neighbour that was heard of is tried for longer than anybody waits here. */
  | { readonly kind: 'told'; readonly error: IcmpError; readonly by: string; readonly late?: boolean }
  /** The sender's own kernel says at once that there is no way, or that it is too big. */
  | { readonly kind: 'not-sent' }
  /**
   * `guarded`: a guard of a shared network stops it; where it stops the question for the neighbour first, nobody is there. `bridged`: an
   * IPv6 packet is too large for a port of a bridge; one that has an address says so, where the kernel shows netfilter what it
   * bridges (bridge-nf-call-ip6tables, ip6_fragment), which hangs on how that was built and what has been loaded.
   */
  | { readonly kind: 'silence'; readonly guarded?: true; readonly bridged?: true; readonly arrived?: boolean };

export interface Prediction {
  /** Undefined where the evaluator has no word: what leaves the bottle by the host, and answers that it does not follow. */
  readonly said?: Said;
  /** Where it arrives, to have somebody listen there. */
  readonly landing?: { readonly at: string; readonly address: Address; readonly port?: number };
  readonly trace: readonly Trace[];
}

/** A port of whoever asks; which one does not matter to rules that speak of none. */
export const ASKING_PORT = 40000;

const echo = (family: Family) => ({
  protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
  icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request')),
});

const place = (bottle: string, name: string): string => (name === HOST_NAME ? HOST : namespaceOf(bottle, name));

export function predict(model: Model, bottle: string, asked: Asked): Prediction {
  const { from, source, to, hopLimit, size } = asked;
  const run: Network = { model, trackings: new Map() };
  const start = place(bottle, from);
  const there = follow(run, start, {
    family: to.family,
    destination: to,
    ...(source !== undefined && { source }),
    ...(hopLimit !== undefined && { hopLimit }),
    ...(size !== undefined && { size }),
    ...transportOf(asked),
  });
  const { ending, packet } = there;
  if (ending.kind === 'outside') return { trace: [there] };
  const arrived = ending.kind === 'delivered';
  const landing = arrived
    ? {
        landing: {
          at: ending.at,
          address: packet.destination,
          ...(packet.destinationPort !== undefined && { port: packet.destinationPort }),
        },
      }
    : {};
  if (ending.at === start && isNoWay(ending) && there.carried === undefined) return { said: { kind: 'not-sent' }, trace: [there] };
  const response = responseTo(listened(asked, there));
  const guarded = ending.kind === 'dropped' && ending.decision.by?.table.family === 'bridge';
  const bridged = ending.kind === 'frame-too-big' && to.family === 6;
  if (response === undefined)
    return { said: { kind: 'silence', arrived, ...(guarded && { guarded }), ...(bridged && { bridged }) }, trace: [there], ...landing };
  const back = followedBack(run, response);
  if (back === undefined) return { trace: [there], ...landing };
  if (back.ending.kind === 'outside') return { trace: [there, back], ...landing };
  const sent = there.steps.find((step) => step.kind === 'sent')?.packet;
  const isHeard = back.ending.kind === 'delivered' && back.ending.at === start && sent !== undefined && recognizes(sent, back);
  return { said: isHeard ? wordOf(response, there) : { kind: 'silence', arrived }, trace: [there, back], ...landing };
}

/** Undefined where the evaluator does not follow it. */
function followedBack(run: Network, { at, opening }: Response): Trace | undefined {
  try {
    return follow(run, at, opening);
  } catch (error) {
    if (error instanceof NotFollowed) return undefined;
    throw error;
  }
}

function transportOf({ to: { family }, protocol, port, service }: Asked): Omit<Opening, 'family' | 'destination'> {
  if (service !== undefined) {
    const [exchange] = exchangesOf({ name: 'judge' }, service);
    const opening = exchange?.opening(family);
    if (opening === undefined) throw new Error(`there is no ${service} in IPv${family}`);
    return opening;
  }
  if (protocol === 'icmp') return echo(family);
  return { protocol: Number(codeOf('inet_proto', protocol)), sourcePort: ASKING_PORT, destinationPort: port ?? 0 };
}

/** Whoever asks sees to it that somebody listens. */
const listened = ({ listened: isListened }: Asked, there: Trace): Trace =>
  isListened && there.ending.kind === 'delivered' && there.ending.listener === 'nobody'
    ? { ...there, ending: { ...there.ending, listener: 'built-in' } }
    : there;

const isNoWay = ({ kind }: Ending): boolean => ['no-route', 'unreachable', 'no-source', 'too-big'].includes(kind);

function wordOf({ at, what }: Response, { carried }: Trace): Said {
  if (what === 'answer') return { kind: 'answered' };
  if (what === 'reset' || what.name === 'port-unreachable') return { kind: 'refused', by: at };
  return { kind: 'told', error: what, by: at, late: carried !== undefined };
}
