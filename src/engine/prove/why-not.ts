/** Packets and their ends in a few words, for who is not told the lines. */
import { formatAddress } from '../../address/format.ts';
import type { Network } from '../../network/network.ts';
import type { Trace } from '../../proof/path/step.ts';
import type { Sent } from '../../proof/reach/sent-packet.ts';
import { nameOfDown, nameOfPlace } from '../explain/place-names.ts';
import { lostAnswer, lostText } from './lost-answer.ts';
import type { Replayed } from './replay.ts';

/** `tcp/22`, `ping`. */
export function packetName({ protocol, destinationPort, icmpType }: Sent): string {
  const names: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
  if (icmpType !== undefined && ECHO.has(icmpType)) return 'ping';
  return `${names[protocol] ?? `protocol ${protocol}`}${destinationPort === undefined ? '' : `/${destinationPort}`}`;
}

/** Requests, of ICMP and of ICMPv6. */
const ECHO: ReadonlySet<number> = new Set([8, 128]);

export function whyNot(network: Network, { there, back }: Replayed): string {
  if (there.ending.kind !== 'delivered') return endingWords(network, there);
  return back === undefined ? 'no answer' : lostText(lostAnswer(network, back));
}

function endingWords(network: Network, { steps, ending }: Trace): string {
  const at = nameOfPlace(network, ending.at, steps);
  switch (ending.kind) {
    case 'dropped':
    case 'rejected':
      return `${ending.kind} at ${at}`;
    case 'no-route':
    case 'unreachable':
      return `${at} has no route for it`;
    case 'undecided':
      return `${at} has several equally good ways for it`;
    case 'not-forwarded':
      return `${at} forwards nothing`;
    case 'nobody-there':
      return `at ${at} nobody answers for ${formatAddress(ending.address)}`;
    case 'link-down':
      return `${nameOfDown(network, ending.down)} is down`;
    default:
      return `${ending.kind.replaceAll('-', ' ')} at ${at}`;
  }
}
