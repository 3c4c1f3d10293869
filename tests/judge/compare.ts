/** Whether what a packet did is what the evaluator said. */

import { formatAddress } from '../../src/address/format.ts';
import type { Address } from '../../src/address/ip.ts';
import type { Outcome } from '../../src/observe/probe/probe.ts';
import type { IcmpError } from '../../src/proof/path/icmp-error.ts';
import type { Model } from '../../src/proof/path/model.ts';
import type { Asked } from './packets.ts';
import type { Said } from './predict.ts';

export function agrees(model: Model, { to }: Asked, said: Said, outcome: Outcome): boolean {
  const isFrom = (namespace: string): boolean => {
    const by = 'by' in outcome ? outcome.by : undefined;
    // NAT on the way back hides who it was behind the address that was asked for.
    return by === undefined || same(by, to) || (model.stations.get(namespace)?.addresses ?? []).some(({ address }) => same(address, by));
  };
  switch (said.kind) {
    case 'answered':
      return outcome.kind === 'answered';
    case 'refused':
      return outcome.kind === 'refused' && isFrom(said.by);
    case 'told':
      if (said.late === true && (outcome.kind === 'timed-out' || outcome.kind === 'no-answer')) return true;
      return isTold(outcome, said.error) && isFrom(said.by);
    case 'not-sent':
      return outcome.kind === 'no-route' || outcome.kind === 'too-big';
    case 'silence':
      if (said.guarded === true && outcome.kind === 'unreachable' && outcome.reason === 'host-unreachable') return true;
      if (said.bridged === true && outcome.kind === 'too-big') return true;
      if (said.arrived === true && outcome.kind === 'delivered') return true;
      return outcome.kind === 'timed-out' || outcome.kind === 'no-answer' || outcome.kind === 'filtered-at-source';
  }
}

function isTold(outcome: Outcome, { name, mtu }: IcmpError): boolean {
  // Once told, the sender's own kernel knows how much fits.
  if (name === 'too-big') return outcome.kind === 'too-big' && (outcome.mtu === undefined || outcome.mtu === mtu);
  return outcome.kind === 'unreachable' && outcome.reason === name;
}

const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

export function saidText(said: Said): string {
  if (said.kind === 'told') return `${said.error.name} by ${said.by}`;
  return 'by' in said ? `${said.kind} by ${said.by}` : said.kind;
}

export function outcomeText(outcome: Outcome): string {
  const by = 'by' in outcome && outcome.by !== undefined ? ` by ${formatAddress(outcome.by)}` : '';
  switch (outcome.kind) {
    case 'refused':
      return `${outcome.how}${by}`;
    case 'unreachable':
      return `${outcome.reason}${by}`;
    case 'failed':
      return `failed: ${outcome.message}`;
    default:
      return outcome.kind;
  }
}
