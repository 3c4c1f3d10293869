/** Lines of a policy that decide nothing, each with those that decide instead. */
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import type { IdleLine } from '../engine/prove/idle-lines.ts';
import type { Terminal } from './terminal.ts';

/** Of lines that decide instead of one. */
const MOST = 4;

/** @param count of all lines of the policy */
export function idleLinesText(
  colors: Terminal['colors'],
  idle: readonly IdleLine[],
  count: number,
  locate: (origin: Origin) => Place | undefined,
): string {
  if (count === 0) return 'the file has no lines of a policy.';
  if (idle.length === 0)
    return count === 1 ? 'the line of the policy decides something.' : `each of the ${count} lines of the policy decides something.`;
  const lines = idle.map((line) => {
    const place = locate(line.origin);
    const where = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `${colors.dim(where)}${colors.yellow(`\`${line.text}\``)} ${why(line, locate)}`;
  });
  return [...lines, `${idle.length} of ${count} lines of the policy decide${idle.length === 1 ? 's' : ''} nothing.`].join('\n');
}

function why({ action, by, otherwise }: IdleLine, locate: (origin: Origin) => Place | undefined): string {
  const rest = otherwise === undefined ? '' : `\`otherwise: ${otherwise}\``;
  if (by.length === 0)
    return rest === ''
      ? 'decides nothing: no packet that it speaks of comes by a router'
      : `decides nothing: no line allows what it denies, and ${rest} stops it in any case`;
  const named = by.slice(0, MOST).map(({ text, origin }) => {
    const place = locate(origin);
    return `\`${text}\`${place === undefined ? '' : ` (line ${place.line})`}`;
  });
  const left = by.length - named.length;
  const others = [...named, ...(left > 0 ? [`${left} more`] : []), ...(rest === '' ? [] : [rest])];
  const [last = '', ...before] = others.toReversed();
  const all = before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
  const [decides, decide] = by.every((one) => one.action === 'allow')
    ? ['allows', 'allow']
    : by.every((one) => one.action !== 'allow')
      ? ['denies', 'deny']
      : ['decides', 'decide'];
  const start = action === 'allow' && decides === 'denies' ? 'lets nothing pass' : 'decides nothing';
  return `${start}: ${all} ${others.length === 1 ? decides : decide} all of it`;
}
