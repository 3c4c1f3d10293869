/** The way of a packet as lines of text: where, what, and the line of the file that it comes from. */
import { formatAddress, formatPrefix } from '../address/format.ts';
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import type { Seen, SeenExchange } from '../engine/trace/seen.ts';
import { commentOf, type Decision } from '../proof/evaluate.ts';
import type { Packet } from '../proof/packet.ts';
import type { Ending, Listener, Step } from '../proof/path/step.ts';
import type { Terminal } from './terminal.ts';

export interface TraceWords {
  readonly colors: Terminal['colors'];
  /** A namespace in the words of the file; of the switches, the one that the last of `steps` is at. */
  readonly nameOf: (namespace: string, steps?: readonly Step[]) => string;
  /** A device that is down, as a cable. */
  readonly nameOfDown: (down: Extract<Ending, { kind: 'link-down' }>['down']) => string;
  /** Where in the file a rule's comment leads. */
  readonly placeOf: (comment: string) => Place | undefined;
  readonly locate: (origin: Origin) => Place | undefined;
  /** The machine that would have an address, were it not stopped. */
  readonly stopped?: (address: Packet['source']) => string | undefined;
}

export interface Line {
  readonly at: string;
  readonly text: string;
  readonly place?: Place | undefined;
  /** What the place is called: `policy.hub -> jump`. */
  readonly comment?: string | undefined;
  /** Nobody tells of it. */
  readonly untold?: boolean;
}

export function explainedText(words: TraceWords, title: string, explained: readonly SeenExchange[]): string {
  return explained
    .map(({ exchange, family, there, back, error, recognized }) => {
      const head = `${title} ${exchange}, IPv${family}: ${endingText(words, there)}`;
      const parts = [words.colors.bold(head), ...linesText(words, linesOf(words, there))];
      const trace = back ?? error?.trace;
      if (trace === undefined) return parts.join('\n');
      const what = error === undefined ? `and back${isReset(trace) ? ', a reset' : ''}` : `and back, ${errorText(error.is)}`;
      const isBack = trace.ending.kind === 'delivered' || (recognized && trace.ending.kind === 'outside');
      const end = isBack ? arrivalText(words, there, trace, recognized) : endingText(words, trace);
      return [...parts, words.colors.bold(`${what}: ${end}`), ...linesText(words, linesOf(words, trace))].join('\n');
    })
    .join('\n\n');
}

/** A packet that was met on its way. */
export function followedText(words: TraceWords, time: Date, seen: Seen): string {
  const { packet } = seen;
  const first = seen.steps.find((step) => step.kind === 'sent')?.packet ?? packet;
  const head = `${time.toISOString()} ${kindText(packet)} ${packetText(first)}: ${endingText(words, seen)}`;
  return [words.colors.bold(head), ...linesText(words, linesOf(words, seen))].join('\n');
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'];

/** `tcp SYN,ACK`, `udp`, `icmp 8/0`. */
function kindText({ protocol, tcpFlags, icmpType, icmpCode = 0 }: Packet): string {
  const name = PROTOCOLS.get(protocol) ?? `protocol ${protocol}`;
  if (icmpType !== undefined) return `${name} ${icmpType}/${icmpCode}`;
  return tcpFlags === undefined ? name : `${name} ${FLAGS.filter((_, bit) => (tcpFlags & (1 << bit)) !== 0).join(',')}`;
}

const PROTOCOLS = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [47, 'gre'],
  [58, 'icmpv6'],
]);

/** Of an answer or an error. */
function arrivalText({ nameOf }: TraceWords, there: Seen, { ending, packet }: Seen, recognized: boolean): string {
  if (recognized) return 'arrives';
  const [sent] = there.steps;
  const at = nameOf(ending.at);
  if (sent?.kind !== 'sent' || sent.at !== ending.at) return `comes to ${at}, which has sent nothing`;
  return `comes to ${at}, which does not know what it belongs to: it is from ${endText(packet.source, packet.sourcePort)}`;
}

const RST = 4;

const isReset = ({ packet: { tcpFlags = 0 } }: Seen): boolean => (tcpFlags & RST) !== 0;

const errorText = ({ name, type, code, mtu }: NonNullable<SeenExchange['error']>['is']): string =>
  `ICMP ${name.replaceAll('-', ' ')}${mtu === undefined ? '' : `, ${mtu} bytes`} (${type}/${code})`;

export function linesText({ colors }: TraceWords, lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(({ at }) => at.length));
  let last = '';
  return lines.map(({ at, text, place, comment, untold }) => {
    const shown = at === last ? '' : at;
    last = at;
    const where = [
      ...(untold === true ? ['(model)'] : []),
      ...(comment ? [comment] : []),
      ...(place === undefined ? [] : [`${place.file}:${place.line}`]),
    ].join('  ');
    return `  ${shown.padEnd(width)}  ${text}${where === '' ? '' : `  ${colors.dim(where)}`}`;
  });
}

type Way = Pick<Seen, 'steps' | 'untold'> & { readonly ending?: Seen['ending'] };

export function linesOf(words: TraceWords, way: Way): readonly Line[] {
  const { steps, left } = firstLaps(way);
  let depth = 0;
  let begin = '';
  const lines = steps.map((step) => {
    if (step.kind === 'decapsulated') depth -= 1;
    if (step.kind === 'sent' || step.kind === 'received') begin = step.kind === 'sent' ? 'output' : 'prerouting';
    const { text, ...rest } = stepLine(words, step, begin, depth);
    const line = {
      at: step.kind === 'bridged' || step.kind === 'matched' || step.kind === 'changed' ? step.bridge : words.nameOf(step.at),
      text: `${'| '.repeat(depth)}${text}`,
      ...rest,
      ...(way.untold?.has(step) === true && { untold: true }),
    };
    if (step.kind === 'encapsulated') depth += 1;
    return line;
  });
  return left === 0 ? lines : [...lines, { at: '', text: `and so on: it comes by ${left} more times` }];
}

/** Of a packet that goes in a circle, once round is enough. */
function firstLaps({ steps, ending }: Way): { readonly steps: readonly Step[]; readonly left: number } {
  const visits = steps.flatMap((step, place) => (step.kind === 'received' && step.at === ending?.at ? [place] : []));
  const [, second] = visits;
  const isCircle = ending?.kind === 'hop-limit' && ending.circle;
  return isCircle && second !== undefined ? { steps: steps.slice(0, second + 1), left: visits.length - 2 } : { steps, left: 0 };
}

/** `begin` is the hook at which destinations are translated: that of packets that come in, or of those that are sent. */
function stepLine(words: TraceWords, step: Step, begin: string, depth: number): Omit<Line, 'at'> {
  switch (step.kind) {
    case 'sent':
      // Around another packet it is the protocol that says what it is.
      return { text: `sends ${depth === 0 ? '' : `${kindText(step.packet)} `}${packetText(step.packet)}` };
    case 'received':
      return {
        text: `comes in by ${step.device || 'an interface of its own'}${step.packet === undefined ? '' : `: ${packetText(step.packet)}`}`,
      };
    case 'encapsulated':
      return { text: `${step.device}: in a packet of ${tunnelText(step)}` };
    case 'decapsulated':
      return { text: `${step.device}: out of it` };
    case 'tracked':
      return { text: `connection tracking: ${step.state}` };
    case 'fragmented':
      return { text: `cut into fragments: ${step.device} takes ${step.mtu} bytes` };
    case 'bridged':
      return {
        text: `bridge, from port ${step.inPort}${step.outPort === undefined ? '' : ` to ${step.outPort}`}${step.vlan === undefined ? '' : `, VLAN ${step.vlan}`}`,
      };
    case 'matched':
      return { text: `${step.asking ? 'asking who has it, ' : ''}${flowWords(step)}`, ...ruleOf(words, step.decision) };
    case 'changed':
      return { text: changeText(step.before, step.after) };
    case 'routed': {
      const { to, via, device, route, learned } = step.route;
      const text = `route ${formatPrefix(to)}${via === undefined ? '' : ` via ${formatAddress(via)}`} dev ${device}${learned === undefined ? '' : ', learned'}`;
      return { text, place: route && words.locate(route.origin) };
    }
    case 'passed':
      return { text: `passes ${step.hook}` };
    case 'masqueraded':
      return { text: "postrouting, SNAT: the source becomes the host's", ...ruleOf(words, step.decision) };
    case 'filtered':
      return { text: `${step.hook}, table ${step.table}: ${decisionText(step.decision)}`, ...ruleOf(words, step.decision) };
    case 'translated':
      return {
        text: `${step.what === 'source' ? 'postrouting, SNAT' : `${begin}, DNAT`}: ${translationText(step.what, step.before, step.after)}`,
        ...(step.decision === undefined ? {} : ruleOf(words, step.decision)),
      };
  }
}

const tunnelText = ({ type, id }: Extract<Step, { kind: 'encapsulated' }>): string =>
  type === 'gre' ? `GRE, key ${id}` : `${type === 'vxlan' ? 'VXLAN' : 'Geneve'}, VNI ${id}`;

function decisionText({ verdict, by, chain }: Decision): string {
  return by === undefined ? `${verdict}, the policy of chain ${chain}` : `${verdict} in chain ${by.chain}`;
}

function flowWords({ table, flow, decision }: Extract<Step, { kind: 'matched' }>): string {
  if (flow === undefined) return `flow table ${table}: ${decision.verdict}, no flow matches`;
  const { priority, actions } = flow;
  return `flow table ${table}, priority ${priority}: ${actions.length === 0 || decision.verdict === 'drop' ? 'drop' : actions.join(', ')}`;
}

/** What is another afterwards. */
function changeText(before: Packet, after: Packet): string {
  const [was, is] = [packetText(before), packetText(after)];
  const hops = after.hopLimit === before.hopLimit ? undefined : `hop limit ${after.hopLimit}`;
  const to = after.etherDestination === before.etherDestination ? undefined : `to ${after.etherDestination}`;
  const from = after.etherSource === before.etherSource ? undefined : `from ${after.etherSource}`;
  return `becomes ${[was === is ? undefined : is, from, to, hops].filter((one) => one !== undefined).join(', ')}`;
}

function ruleOf({ placeOf }: TraceWords, decision: Decision): Pick<Line, 'comment' | 'place'> {
  const comment = commentOf(decision);
  return comment === undefined ? {} : { comment, place: placeOf(comment) };
}

function translationText(what: 'source' | 'destination', before: Packet, after: Packet): string {
  const end = (packet: Packet): string =>
    what === 'source' ? endText(packet.source, packet.sourcePort) : endText(packet.destination, packet.destinationPort);
  return `${end(before)} becomes ${end(after)}`;
}

function packetText({ source, destination, sourcePort, destinationPort }: Packet): string {
  return `${endText(source, sourcePort)} -> ${endText(destination, destinationPort)}`;
}

function endText(address: Packet['source'], port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}

const listenerText: { readonly [L in Listener]?: string } = {
  nobody: ', where nobody in the file listens',
  kernel: ', where the kernel takes it and says nothing',
};

export function endingText(words: TraceWords, { ending, steps = [] }: Pick<Seen, 'ending'> & Partial<Pick<Seen, 'steps'>>): string {
  const at = words.nameOf(ending.at, steps);
  switch (ending.kind) {
    case 'delivered':
      return `arrives at ${at}${listenerText[ending.listener] ?? ''}`;
    case 'dropped':
    case 'rejected': {
      const { comment, place } = ruleOf(words, ending.decision);
      const why = comment === undefined ? '' : ` by ${comment}${place === undefined ? '' : ` (${place.file}:${place.line})`}`;
      return `${ending.kind} at ${at}${why}`;
    }
    case 'no-route':
      return `${at} has no route for it`;
    case 'unreachable': {
      const place = ending.route && words.locate(ending.route.origin);
      return `${at} has a route that says it is unreachable${place === undefined ? '' : ` (${place.file}:${place.line})`}`;
    }
    case 'undecided':
      return `${at} has ${ending.route.learned?.hops.length ?? 0} equally good ways to ${formatPrefix(ending.route.to)}, and takes one for each flow`;
    case 'not-forwarded':
      return `${at} is no router, and forwards nothing`;
    case 'hop-limit':
      return `its hop limit ends at ${at}${ending.circle ? ': the routers send it in a circle' : ''}`;
    case 'martian-source':
      return `${at} drops it: it comes from outside with an address of ${at}'s own, or of nobody (martian source)`;
    case 'martian-destination':
      return `${at} drops it: what is for such an address stays inside (martian destination)`;
    case 'reverse-path':
      return `${at} drops it: packets to its source would not leave by ${ending.device} (reverse path filter)`;
    case 'beyond-scope':
      return `${at} does not pass on what comes from a link-local address`;
    case 'too-big':
      return `${at} cannot send it: it is larger than the ${ending.mtu} bytes of ${ending.device}, and not to be cut up`;
    case 'frame-too-big':
      return `${at} drops it: it is larger than the ${ending.mtu} bytes of port ${ending.device}, and a bridge says so to nobody`;
    case 'no-source':
      return `${at} has no address to send from`;
    case 'nobody-there': {
      const stopped = words.stopped?.(ending.address);
      return `${at} finds nobody with the address ${formatAddress(ending.address)} behind ${ending.device}${stopped === undefined ? '' : `: ${stopped} is stopped`}`;
    }
    case 'nobody-has-mac':
      return `nobody behind ${ending.device} of ${at} has the MAC address ${ending.mac}: bridges send it everywhere, and nobody takes it`;
    case 'link-down':
      return `${at} finds nobody behind ${ending.device}: ${words.nameOfDown(ending.down)} is down`;
    case 'to-all':
      return ending.device === undefined
        ? `${at} takes it for itself: a ${ending.what} is not passed on`
        : `goes to everybody behind ${ending.device} of ${at}, and no further: it is a ${ending.what}`;
    case 'vanished':
      return `was seen last at ${at}, in ${ending.hook}, and the kernel does not say why`;
    case 'not-sent':
      return `${at} did not send it (${ending.reason})`;
    case 'outside':
      return 'leaves by the host, out of what the file describes';
  }
}
