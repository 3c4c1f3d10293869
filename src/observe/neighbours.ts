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
export function doubted(outcome: Outcome): Outcome {
  const lost =
    outcome.kind === 'timed-out' || outcome.kind === 'no-answer' || outcome.kind === 'no-route' || outcome.kind === 'unreachable';
  return lost ? { kind: 'failed', message: overflowMessage } : outcome;
}

const overflowMessage =
  "the host's table of neighbours overflowed meanwhile: raise net.ipv4.neigh.default.gc_thresh3 and net.ipv6.neigh.default.gc_thresh3";
