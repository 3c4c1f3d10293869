/**
 * Packets that the host itself lost because too many came at once: a processor's queue takes 1,000 unless
 * net.core.netdev_max_backlog is raised, and who asks for ten neighbours on a switch of a hundred ports fills it.
 */
import { readFileSync } from 'node:fs';

/** How many since the host started, for whatever reason they were sent. */
export const packetsLost = (): number => lostIn(readFileSync('/proc/net/softnet_stat', 'utf8'));

/** A line for each processor, of which the second column is what it dropped (softnet_seq_show in net/core/net-procfs.c). @internal */
export const lostIn = (text: string): number =>
  text
    .trimEnd()
    .split('\n')
    .reduce((sum, line) => sum + Number.parseInt(line.split(' ')[1] ?? '0', 16), 0);
