/** One step of the way of a packet. */
import { formatAddress, formatPrefix } from '../address/format.ts';
import type { Decision } from '../proof/evaluate.ts';
import type { Packet } from '../proof/packet.ts';
import type { Step } from '../proof/path/step.ts';
import { endText, kindText, packetText } from './packet-text.ts';
import { type Line, ruleOf, type TraceWords } from './trace-words.ts';

/** `begin` is the hook at which destinations are translated: that of packets that come in, or of those that are sent. */
export function stepLine(words: TraceWords, step: Step, begin: string, depth: number): Omit<Line, 'at'> {
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
  const elsewhere = actions.length > 0 && decision.verdict === 'drop' && actions[0] !== 'drop' ? ', not to that port' : '';
  return `flow table ${table}, priority ${priority}: ${actions.length === 0 ? 'drop' : actions.join(', ')}${elsewhere}`;
}

/** What is another afterwards. */
function changeText(before: Packet, after: Packet): string {
  const [was, is] = [packetText(before), packetText(after)];
  const hops = after.hopLimit === before.hopLimit ? undefined : `hop limit ${after.hopLimit}`;
  const to = after.etherDestination === before.etherDestination ? undefined : `to ${after.etherDestination}`;
  const from = after.etherSource === before.etherSource ? undefined : `from ${after.etherSource}`;
  return `becomes ${[was === is ? undefined : is, from, to, hops].filter((one) => one !== undefined).join(', ')}`;
}

function translationText(what: 'source' | 'destination', before: Packet, after: Packet): string {
  const end = (packet: Packet): string =>
    what === 'source' ? endText(packet.source, packet.sourcePort) : endText(packet.destination, packet.destinationPort);
  return `${end(before)} becomes ${end(after)}`;
}
