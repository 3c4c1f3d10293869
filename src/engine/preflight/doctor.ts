import * as host from '../../backend/host/abilities.ts';
import { hasLibpcap } from '../../backend/pcap/filter.ts';
import { foreignTroubles } from './foreign-filters.ts';
import { type Need, needs } from './needs.ts';

export interface Finding {
  readonly name: string;
  readonly purpose: string;
  /** `blocks`: it is there, and others' rules stand in the way. */
  readonly state: 'ok' | 'missing' | 'blocks';
  /** Why it is missing, in the words of whoever refused. */
  readonly problem?: string;
  readonly remedy?: string;
  /** Whether no bottle at all works without it. */
  readonly required: boolean;
}

/** Needed in some circumstances that no bottle file tells. */
const extras: readonly Need[] = [
  {
    name: 'pasta',
    purpose: '`nat` networks without root',
    for: () => false,
    trial: () => (host.program('pasta') === undefined ? 'no program pasta in PATH' : undefined),
    remedy: 'Install it: apt install passt',
  },
  {
    name: 'libpcap',
    purpose: 'filters of `bottle capture`',
    for: () => false,
    trial: () => (hasLibpcap() ? undefined : 'libpcap cannot be loaded'),
    remedy: 'Install it: apt install libpcap0.8',
  },
  {
    name: 'tcpdump',
    purpose: '`bottle capture` on a terminal',
    for: () => false,
    trial: () => (host.program('tcpdump') === undefined ? 'no program tcpdump in PATH' : undefined),
    remedy: 'Install it: apt install tcpdump',
  },
];

const REQUIRED = new Set(['network namespaces', 'veth devices', 'bridges']);

/** Looks at everything that some bottle may need, and changes nothing. */
export function doctor(): readonly Finding[] {
  const abilities = [...needs, ...extras].map(({ name, purpose, trial, remedy }): Finding => {
    const problem = trial();
    const required = REQUIRED.has(name);
    return problem === undefined
      ? { name, purpose, state: 'ok', required }
      : { name, purpose, state: 'missing', problem, remedy, required };
  });
  const foreign = foreignTroubles().map(
    ({ message, remedy }): Finding => ({
      name: 'firewall',
      purpose: "others' rules on this host",
      state: 'blocks',
      problem: message,
      remedy,
      required: false,
    }),
  );
  return [...abilities, ...foreign];
}
