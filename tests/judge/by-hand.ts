/** Packets of protocols that no probe speaks, made by hand and sent by a program of their own. */

import { formatAddress } from '../../src/address/format.ts';
import type { Address } from '../../src/address/ip.ts';
import { parseAddress } from '../../src/address/parse.ts';
import type { Outcome, UnreachableReason } from '../../src/observe/probe/probe.ts';
import type { PrivateHost } from '../host-state/host.ts';

export const SERVICES = ['sctp/80', 'sctp/7777', 'udplite/53', 'protocol/253', 'icmp/echo-reply', 'icmp/echo-request'] as const;

export interface ByHand {
  /** The namespace's file. */
  readonly path: string;
  readonly to: Address;
  readonly service: string;
  readonly source?: Address;
  readonly hopLimit?: number;
}

/** Seconds: that nobody is there is known before. */
const PATIENCE = '2';

/** @param program Where `SENDER` is. */
export async function sendByHand(host: PrivateHost, program: string, { path, to, service, source, hopLimit }: ByHand): Promise<Outcome> {
  const options = [
    ...(source === undefined ? [] : ['--source', formatAddress(source)]),
    ...(hopLimit === undefined ? [] : ['--ttl', String(hopLimit)]),
  ];
  const words = ['python3', program, String(to.family), formatAddress(to), service, '--wait', PATIENCE, ...options];
  const { stdout, stderr } = await host.run(['nsenter', `--net=${path}`, ...words]);
  return outcomeOf(to.family, stdout.trim(), stderr);
}

const reasons: { readonly [numbers: string]: UnreachableReason } = {
  '4 3/0': 'no-route',
  '4 3/1': 'host-unreachable',
  '4 3/2': 'protocol-unreachable',
  '4 3/13': 'admin-prohibited',
  '4 11/0': 'hop-limit-exceeded',
  '6 1/0': 'no-route',
  '6 1/1': 'admin-prohibited',
  '6 1/3': 'host-unreachable',
  '6 3/0': 'hop-limit-exceeded',
  '6 4/1': 'protocol-unreachable',
};

function outcomeOf(family: number, said: string, stderr: string): Outcome {
  if (said === 'answer') return { kind: 'answered', milliseconds: 0 };
  if (said === 'silence') return { kind: 'timed-out' };
  if (said === 'held back') return { kind: 'filtered-at-source' };
  if (/unreachable|Cannot assign|No route/.test(stderr)) return { kind: 'no-route', code: '' };
  const [numbers = '', , sender = ''] = said.split(' ');
  const by = parseAddress(sender);
  const from = by.ok ? { by: by.value } : {};
  if (numbers === (family === 4 ? '3/3' : '1/4')) return { kind: 'refused', how: 'port-unreachable', ...from, milliseconds: 0 };
  const reason = reasons[`${family} ${numbers}`];
  return reason === undefined ? { kind: 'failed', message: said || stderr } : { kind: 'unreachable', reason, ...from, milliseconds: 0 };
}
