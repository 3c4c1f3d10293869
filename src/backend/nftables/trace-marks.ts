/**
 * Tables of traces: `netbottle:BOTTLE:trace:PROCESS:START` in a table's comment says whose it is. In a bottle's own
 * namespaces they go with the process (`flags owner`). Not so on the host: listing such a table as JSON, nft 1.0.6 prints
 * what it has freed before, and on the host others list tables.
 */
import { identify, isAlive } from '../process/identity.ts';
import { nft } from './libnftables.ts';
import { tablesHere } from './marks.ts';

const prefixOf = (bottle: string): string => `netbottle:${bottle}:trace:`;

/** Of this process. */
export function traceMark(bottle: string): string {
  const { pid, startTime } = identify(process.pid) ?? { pid: process.pid, startTime: 0 };
  return `${prefixOf(bottle)}${pid}:${startTime}`;
}

/**
 * Removes from the namespace that the thread is in, which is the host's, what traces of the bottle have left: those that were
 * killed, or all of them.
 */
export function sweepTraces(bottle: string, which: 'killed' | 'all'): void {
  // Who is not root here has made none here: theirs are in user namespaces, in which they are root.
  if (process.getuid?.() !== 0) return;
  const left = tablesHere().filter(({ comment }) => comment.startsWith(prefixOf(bottle)) && (which === 'all' || !runs(comment)));
  if (left.length > 0) nft(left.map(({ family, name }) => `delete table ${family} ${name}`).join('\n'));
}

function runs(comment: string): boolean {
  const [startTime, pid] = comment.split(':').toReversed().map(Number);
  return pid !== undefined && startTime !== undefined && isAlive({ pid, startTime });
}
