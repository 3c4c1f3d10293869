/** Outcomes in words. */
import { formatAddress } from '../address/format.ts';
import type { Address } from '../address/ip.ts';
import type { Network } from '../network/network.ts';
import { addressesOf } from './ends.ts';
import type { Outcome, Refusal, UnreachableReason } from './probe/probe.ts';
import type { Ask } from './question.ts';

/** Who has an address: the name of a node, `the host`, or undefined. */
export type NameOf = (address: Address) => string | undefined;

export function namesOf(network: Network): NameOf {
  const names = new Map<string, string>();
  for (const { attachment } of network.segments)
    if ('host' in attachment) for (const { address } of attachment.host.addresses) names.set(formatAddress(address), 'the host');
  for (const node of network.nodes) for (const { address } of addressesOf(node)) names.set(formatAddress(address), node.name);
  return (address) => names.get(formatAddress(address));
}

const reasons: Readonly<Record<UnreachableReason, string>> = {
  'no-route': 'no route',
  'host-unreachable': 'host unreachable',
  'protocol-unreachable': 'protocol unreachable',
  'admin-prohibited': 'prohibited by a filter',
  'source-route-failed': 'source route failed',
  'beyond-scope': 'beyond the scope of the source address',
  'source-policy': 'source address rejected by policy',
  'route-rejected': 'rejected by a route',
  'hop-limit-exceeded': 'too many hops (a routing loop?)',
  'reassembly-timeout': 'fragments missing',
  malformed: 'malformed packet',
};

/** `edge (10.1.0.1)`. */
function who(address: Address, nameOf: NameOf): string {
  const name = nameOf(address);
  return name === undefined ? formatAddress(address) : `${name} (${formatAddress(address)})`;
}

const says = (by: Address | undefined, nameOf: NameOf): string => (by === undefined ? '' : `, says ${who(by, nameOf)}`);

function refusalText({ by, filtered, how }: Refusal, to: string, nameOf: NameOf): string {
  if (by !== undefined) return `refused by ${who(by, nameOf)}`;
  if (filtered)
    return `refused in the name of ${to} (${how === 'reset' ? 'TCP reset' : 'port unreachable'}), though ${to} listens: a filter or NAT on the way`;
  return `refused by ${to}`;
}

function lossText({ size, fits, lastSeen }: Extract<Outcome, { readonly kind: 'timed-out' }>): string {
  if (size === undefined) return 'timed out';
  const lost = `packets of ${size} bytes are lost on the way, and nobody is told`;
  const room = fits === undefined ? '' : `; ${fits} bytes come through`;
  if (lastSeen === undefined) return `${lost}${room}`;
  const { at, by, way, answer } = lastSeen;
  const where = way === 'in' ? `came from ${by} into ${at}` : `left ${at} for ${by}`;
  return `${lost}${room}; ${answer ? 'the answers were' : 'they were'} last seen when they ${where}`;
}

/** Why an exchange did not go as promised. */
export function outcomeText({ probe, expected }: Ask, outcome: Outcome, nameOf: NameOf): string {
  const to = probe.target ?? formatAddress(probe.to);
  switch (outcome.kind) {
    case 'answered':
      return expected === 'answer' ? 'answered' : 'answered, but should not';
    case 'delivered':
      return expected === 'answer' ? 'arrived' : 'arrived, but should not';
    case 'refused':
      return refusalText(outcome, to, nameOf);
    case 'unreachable':
      return `${reasons[outcome.reason]}${says(outcome.by, nameOf)}`;
    case 'too-big':
      return `packet too big${outcome.mtu === undefined ? '' : ` for an MTU of ${outcome.mtu}`}${says(outcome.by, nameOf)}`;
    case 'no-route':
      return `${probe.from} has no route to ${formatAddress(probe.to)} (${outcome.code})`;
    case 'filtered-at-source':
      return `dropped by the filter of ${probe.from} itself`;
    case 'timed-out':
      return lossText(outcome);
    case 'no-answer':
      return 'sent, no answer';
    case 'failed':
      return `not measured: ${outcome.message}`;
  }
}
