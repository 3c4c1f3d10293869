/**
 * The host's tables of neighbours, which all its namespaces share.
 *
 * They take 1,024 entries a family unless net.ipv4.neigh.default.gc_thresh3 and its IPv6 twin are raised, and give none
 * free that is younger than five seconds (neigh_forced_gc in net/core/neighbour.c). What does not fit is dropped without
 * a word, which looks like a filter.
 */
import { readFileSync } from 'node:fs';
import { statisticOf } from './kernel-statistic.ts';
import type { Outcome } from './probe/probe.ts';

/** How often a neighbour found no room since the host started; 0 in a user namespace, where the kernel does not tell. */
export function neighbourOverflows(): number {
  return ['arp_cache', 'ndisc_cache'].reduce((sum, table) => {
    try {
      return sum + statisticOf(readFileSync(`/proc/net/stat/${table}`, 'utf8'), 'table_fulls');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return sum;
      throw error;
    }
  }, 0);
}

/** After an overflow silence proves nothing, neither for nor against a promise. */
export const doubted = (outcome: Outcome): Outcome => (mayBeLoss(outcome) ? { kind: 'failed', message: overflowMessage } : outcome);

/** Whether it would look the same if packets, or questions after neighbours, had been lost. */
export const mayBeLoss = ({ kind }: Outcome): boolean =>
  kind === 'timed-out' || kind === 'no-answer' || kind === 'no-route' || kind === 'unreachable';

const overflowMessage =
  "the host's table of neighbours overflowed meanwhile: raise net.ipv4.neigh.default.gc_thresh3 and net.ipv6.neigh.default.gc_thresh3";
