/** Which ICMP error a packet brings upon itself, and from whom (RFC 792, RFC 1812, RFC 4443; icmp_send, icmp6_send). */
import type { Family } from '../../address/ip.ts';
import type { Reject } from '../../resource/ruleset/statement.ts';
import { codeOf } from '../field-codes.ts';
import { type Packet, quotedOf } from '../packet.ts';
import type { Opening } from './sending.ts';
import type { Trace } from './step.ts';

type ErrorName =
  | 'no-route'
  | 'host-unreachable'
  | 'protocol-unreachable'
  | 'port-unreachable'
  | 'admin-prohibited'
  | 'beyond-scope'
  | 'hop-limit-exceeded'
  | 'too-big';

export interface IcmpError {
  readonly name: ErrorName;
  readonly type: number;
  readonly code: number;
  /** Bytes; of `too-big`. */
  readonly mtu?: number;
}

/** Type and code. */
const numbers: { readonly [F in Family]: { readonly [N in ErrorName]?: readonly [number, number] } } = {
  4: {
    'no-route': [3, 0],
    'host-unreachable': [3, 1],
    'protocol-unreachable': [3, 2],
    'port-unreachable': [3, 3],
    'too-big': [3, 4],
    'admin-prohibited': [3, 13],
    'hop-limit-exceeded': [11, 0],
  },
  6: {
    'no-route': [1, 0],
    'admin-prohibited': [1, 1],
    'beyond-scope': [1, 2],
    'host-unreachable': [1, 3],
    'port-unreachable': [1, 4],
    'too-big': [2, 0],
    'hop-limit-exceeded': [3, 0],
    // A parameter problem: the next header is not known.
    'protocol-unreachable': [4, 1],
  },
};

/** What a type and code are called; undefined for what no packet here brings upon itself. */
export const icmpErrorName = (family: Family, type: number, code: number): string | undefined =>
  Object.entries(numbers[family]).find(([, [one, other]]) => one === type && other === code)?.[0];

const ERRORS4 = [3, 4, 5, 11, 12];

/** Nobody is told of errors about errors, and nobody is told who did not say who it is. */
const canBeTold = ({ family, source, quoted, icmpType }: Packet): boolean =>
  quoted === undefined && !(icmpType !== undefined && (family === 4 ? ERRORS4.includes(icmpType) : icmpType < 128)) && source.value !== 0n;

export function errorAbout({
  ending,
  packet,
  belonging,
  carried,
}: Trace): { readonly error: IcmpError; readonly opening: Opening } | undefined {
  const name = carried === undefined ? nameOf(ending, packet) : 'host-unreachable';
  const found = name && numbers[packet.family][name];
  if (name === undefined || found === undefined || !canBeTold(packet)) return undefined;
  const [type, code] = found;
  const error: IcmpError = { name, type, code, ...(name === 'too-big' && ending.kind === 'too-big' && { mtu: ending.mtu }) };
  const { family, source, destination, inDevice } = packet;
  const opening: Opening = {
    family,
    protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
    icmpType: type,
    icmpCode: code,
    destination: source,
    // Whoever was meant speaks for itself, others with the address that they would send from, in IPv6 with one where the packet came in.
    ...(packet.local && { source: destination }),
    ...(family === 6 && inDevice !== undefined && { cameBy: inDevice }),
    isAnswer: true,
    ...(belonging !== undefined && { about: belonging }),
    quoted: quotedOf(packet),
  };
  return { error, opening };
}

/** The statement of the rule that refused a packet. */
export function refusalOf({ ending }: Pick<Trace, 'ending'>): Reject['with'] | undefined {
  if (ending.kind !== 'rejected') return undefined;
  const how = ending.decision.by?.rule.statements.find((statement) => statement.kind === 'reject');
  if (how === undefined) throw new Error('a rule that rejects has no statement that does');
  return how.with;
}

function nameOf(ending: Trace['ending'], packet: Packet): ErrorName | undefined {
  switch (ending.kind) {
    case 'no-route':
      return 'no-route';
    case 'unreachable':
      return packet.family === 4 ? 'host-unreachable' : 'no-route';
    case 'nobody-there':
    case 'link-down':
      return 'host-unreachable';
    case 'hop-limit':
      return 'hop-limit-exceeded';
    case 'too-big':
    case 'beyond-scope':
      return ending.kind;
    case 'rejected': {
      const how = refusalOf({ ending });
      return how === 'tcp reset' ? undefined : how;
    }
    case 'delivered':
      return ending.listener === 'nobody' ? unheard(packet) : undefined;
    default:
      return undefined;
  }
}

/** Of a packet that nobody listens for; TCP has an answer of its own. */
function unheard({ protocol }: Packet): ErrorName | undefined {
  const is = (...names: readonly string[]): boolean => names.some((name) => codeOf('inet_proto', name) === BigInt(protocol));
  if (is('tcp')) return undefined;
  return is('udp', 'udplite') ? 'port-unreachable' : 'protocol-unreachable';
}
