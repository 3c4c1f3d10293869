/** Whether what a packet did is what the evaluator said. */

import { formatAddress } from '../../src/address/format.ts';
import type { Address } from '../../src/address/ip.ts';
import type { Outcome } from '../../src/observe/probe/probe.ts';
import type { Model } from '../../src/proof/path/model.ts';
import type { Asked } from './packets.ts';
import type { Said } from './predict.ts';

export function agrees(model: Model, { to }: Asked, said: Said, outcome: Outcome): boolean {
  const isFrom = (namespace: string): boolean => {
    const by = 'by' in outcome ? outcome.by : undefined;
    // NAT on the way back hides who it was behind the address that was asked for.
    return by === undefined || same(by, to) || (model.stations.get(namespace)?.addresses ?? []).some(({ address }) => same(address, by));
  };
  const unreachable = (...reasons: readonly string[]): boolean => outcome.kind === 'unreachable' && reasons.includes(outcome.reason);
  switch (said.kind) {
    case 'answered':
      return outcome.kind === 'answered';
    case 'refused':
      return outcome.kind === 'refused' && isFrom(said.by);
    case 'prohibited':
      return unreachable('admin-prohibited') && isFrom(said.by);
    case 'no-way':
      return unreachable('no-route', 'host-unreachable') && isFrom(said.by);
    case 'nobody-there':
      return unreachable('host-unreachable') && isFrom(said.by);
    case 'too-far':
      return unreachable('hop-limit-exceeded') && isFrom(said.by);
    case 'not-sent':
      return outcome.kind === 'no-route';
    case 'silence':
      if (said.guarded === true && unreachable('host-unreachable')) return true;
      if (said.arrived === true && outcome.kind === 'delivered') return true;
      return outcome.kind === 'timed-out' || outcome.kind === 'no-answer' || outcome.kind === 'filtered-at-source';
  }
}

const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

export const saidText = (said: Said): string => ('by' in said ? `${said.kind} by ${said.by}` : said.kind);

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
