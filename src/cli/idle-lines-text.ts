/** Lines of a policy that decide nothing, each with those that decide instead; and lines of forwards and NAT that translate nothing. */
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import type { IdleLine, IdleLines } from '../engine/prove/idle-lines.ts';
import type { Terminal } from './terminal.ts';

/** Of lines that decide instead of one. */
const MOST = 4;

type Locate = (origin: Origin) => Place | undefined;

/** Of all lines that could be idle. */
interface Counts {
  /** Of the policy. */
  readonly lines: number;
  /** Of `forwards:` and `nat:`. */
  readonly translations: number;
}

export function idleLinesText(colors: Terminal['colors'], { lines, translations }: IdleLines, counts: Counts, locate: Locate): string {
  const told = ({ text, origin }: { readonly text: string; readonly origin: Origin }, what: string, reason: string): string => {
    const place = locate(origin);
    const where = place === undefined ? '' : `${place.file}:${place.line}: `;
    return `${colors.dim(where)}${what}${colors.yellow(`\`${text}\``)} ${reason}`;
  };
  return [
    ...lines.map((line) => told(line, '', why(line, locate))),
    ...translations.map((line) =>
      told(line, line.what === 'forward' ? 'forward ' : '', 'translates nothing: no packet that it speaks of comes by'),
    ),
    ...(counts.lines > 0 || counts.translations === 0 ? [policySummary(lines.length, counts.lines)] : []),
    ...(counts.translations > 0 ? [translationSummary(translations.length, counts.translations)] : []),
  ].join('\n');
}

function policySummary(idle: number, count: number): string {
  if (count === 0) return 'the file has no lines of a policy.';
  if (idle > 0) return `${idle} of ${count} lines of the policy decide${idle === 1 ? 's' : ''} nothing.`;
  return count === 1 ? 'the line of the policy decides something.' : `each of the ${count} lines of the policy decides something.`;
}

function translationSummary(idle: number, count: number): string {
  if (idle > 0) return `${idle} of ${count} lines of forwards and NAT translate${idle === 1 ? 's' : ''} nothing.`;
  return count === 1
    ? 'the line of forwards and NAT translates something.'
    : `each of the ${count} lines of forwards and NAT translates something.`;
}

function why({ action, by, otherwise }: IdleLine, locate: Locate): string {
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
