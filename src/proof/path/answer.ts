import type { Family } from '../../address/ip.ts';
import { codeOf } from '../field-codes.ts';
import type { Opening } from './follow.ts';
import type { Trace } from './step.ts';

/** What whoever got the packet sends back: an answer, or a reset where nobody listens. */
export function answerTo({ ending, packet }: Trace): { readonly at: string; readonly opening: Opening } | undefined {
  if (ending.kind !== 'delivered') return undefined;
  return { at: ending.at, opening: mirrored(packet) };
}

/**
 * The packet that answers another.
 *
 * @internal
 */
export function mirrored({ family, protocol, source, destination, sourcePort, destinationPort, icmpType }: Trace['packet']): Opening {
  return {
    family,
    protocol,
    source: destination,
    destination: source,
    ...(destinationPort !== undefined && { sourcePort: destinationPort }),
    ...(sourcePort !== undefined && { destinationPort: sourcePort }),
    ...(icmpType !== undefined && { icmpType: echoReply(family) }),
    ...(BigInt(protocol) === codeOf('inet_proto', 'tcp') && { acknowledges: true }),
  };
}

const echoReply = (family: Family): number => Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-reply'));
