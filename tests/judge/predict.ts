/** What the evaluator says becomes of a packet, in the words of whoever sent it. */
import type { Address, Family } from '../../src/address/ip.ts';
import { namespaceOf } from '../../src/compile/placement.ts';
import { codeOf } from '../../src/proof/field-codes.ts';
import { mirrored } from '../../src/proof/path/answer.ts';
import { follow, type Network } from '../../src/proof/path/follow.ts';
import type { Model } from '../../src/proof/path/model.ts';
import type { Ending, Trace } from '../../src/proof/path/step.ts';
import { HOST } from '../../src/resource/resource.ts';
import { type Asked, HOST_NAME } from './packets.ts';

export type Said =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused' | 'prohibited' | 'no-way' | 'nobody-there' | 'too-far'; readonly by: string }
  /** The sender's own kernel says at once that there is no way. */
  | { readonly kind: 'not-sent' }
  /** `guarded`: a guard of a shared network stops it; where it stops the question for the neighbour first, nobody is there. */
  | { readonly kind: 'silence'; readonly guarded?: true; readonly arrived?: boolean };

export interface Prediction {
  /** Undefined where the evaluator has no word: what leaves the bottle by the host, and ICMP errors that come back another way. */
  readonly said?: Said;
  /** Where it arrives, to have somebody listen there. */
  readonly landing?: { readonly at: string; readonly address: Address; readonly port?: number };
  readonly trace: readonly Trace[];
}

/** A port of whoever asks; which one does not matter to rules that speak of none. */
const ASKING_PORT = 40000;

const echo = (family: Family) => ({
  protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
  icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request')),
});

const place = (bottle: string, name: string): string => (name === HOST_NAME ? HOST : namespaceOf(bottle, name));

export function predict(model: Model, bottle: string, asked: Asked): Prediction {
  const { from, source, to, protocol, port } = asked;
  const run: Network = { model, trackings: new Map() };
  const start = place(bottle, from);
  const there = follow(run, start, {
    family: to.family,
    destination: to,
    ...(source !== undefined && { source }),
    ...(protocol === 'icmp'
      ? echo(to.family)
      : { protocol: Number(codeOf('inet_proto', protocol)), sourcePort: ASKING_PORT, destinationPort: port ?? 0 }),
  });
  const { ending, packet } = there;
  if (ending.kind === 'outside') return { trace: [there] };
  const landing =
    ending.kind === 'delivered'
      ? {
          landing: {
            at: ending.at,
            address: packet.destination,
            ...(packet.destinationPort !== undefined && { port: packet.destinationPort }),
          },
        }
      : {};
  const word = wordOf(ending, start, asked);
  if (word === undefined || word.kind === 'not-sent' || word.kind === 'silence')
    return { said: word ?? { kind: 'silence' }, trace: [there], ...landing };
  const back = follow(run, ending.at, mirrored(packet));
  if (back.ending.kind === 'outside') return { trace: [there, back], ...landing };
  // It is followed as an answer is: where routers on its way know nothing of the flow, an error is none that they would let pass.
  if (isError(word, protocol) && back.steps.some((step) => step.kind === 'tracked' && step.at !== ending.at && step.state === 'new'))
    return { trace: [there, back], ...landing };
  const home = back.ending.kind === 'delivered' && back.ending.at === start;
  // An answer from elsewhere than it was sent to is none; an error goes the same way, and is about a packet as it was then.
  const known = back.packet.source.value === to.value && back.packet.sourcePort === (protocol === 'icmp' ? undefined : port);
  const heard = home && known;
  return { said: heard ? word : { kind: 'silence', arrived: ending.kind === 'delivered' }, trace: [there, back], ...landing };
}

/** Whether it is an ICMP error, and no answer or reset. */
const isError = ({ kind }: Said, protocol: Asked['protocol']): boolean =>
  kind !== 'answered' && !(kind === 'refused' && protocol === 'tcp');

function wordOf(ending: Ending, start: string, { protocol, listened }: Asked): Said | undefined {
  const by = ending.at;
  switch (ending.kind) {
    case 'delivered':
      if (protocol === 'icmp' || listened || ending.listener === 'built-in') return { kind: 'answered' };
      return { kind: 'refused', by };
    case 'rejected': {
      const how = ending.decision.by?.rule.statements.find((statement) => statement.kind === 'reject');
      if (how === undefined) throw new Error('a rule that rejects has no statement that does');
      if (how.with === 'tcp reset' || how.with === 'port-unreachable') return { kind: 'refused', by };
      return { kind: how.with === 'admin-prohibited' ? 'prohibited' : 'no-way', by };
    }
    case 'no-route':
    case 'unreachable':
      return by === start ? { kind: 'not-sent' } : { kind: 'no-way', by };
    case 'no-source':
      return { kind: 'not-sent' };
    case 'nobody-there':
      return { kind: 'nobody-there', by };
    case 'hop-limit':
      return { kind: 'too-far', by };
    case 'dropped':
      return ending.decision.by?.table.family === 'bridge' ? { kind: 'silence', guarded: true } : { kind: 'silence' };
    case 'martian-source':
    case 'not-forwarded':
    case 'outside':
      return { kind: 'silence' };
  }
}
