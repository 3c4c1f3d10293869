import * as host from '../backend/host/abilities.ts';
import { type Need, needs } from './needs.ts';

export interface Finding {
  readonly name: string;
  readonly purpose: string;
  readonly state: 'ok' | 'missing';
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
    name: '/dev/net/tun',
    purpose: 'what pasta works with',
    for: () => false,
    trial: host.canOpenTun,
    remedy: 'sudo modprobe tun; sudo chmod 666 /dev/net/tun',
  },
];

const REQUIRED = new Set(['network namespaces', 'veth devices', 'bridges']);

/** Looks at everything that some bottle may need, and changes nothing. */
export function doctor(): readonly Finding[] {
  return [...needs, ...extras].map(({ name, purpose, trial, remedy }) => {
    const problem = trial();
    const required = REQUIRED.has(name);
    return problem === undefined
      ? { name, purpose, state: 'ok', required }
      : { name, purpose, state: 'missing', problem, remedy, required };
  });
}
