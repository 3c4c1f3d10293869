/** The way of a packet as lines of text: where, what, and the line of the file that it comes from. */
import type { Seen, SeenExchange } from '../engine/trace/seen.ts';
import type { Step } from '../proof/path/step.ts';
import { endingText } from './ending-text.ts';
import { endText, kindText, packetText } from './packet-text.ts';
import { stepLine } from './step-text.ts';
import type { Line, TraceWords } from './trace-words.ts';

export function explainedText(words: TraceWords, title: string, explained: readonly SeenExchange[]): string {
  return explained
    .map(({ exchange, family, there, back, error, recognized }) => {
      const head = `${title} ${exchange}, IPv${family}: ${endingText(words, there)}`;
      const parts = [words.colors.bold(head), ...linesText(words, linesOf(words, there))];
      const trace = back ?? error?.trace;
      if (trace === undefined) return parts.join('\n');
      const what = error === undefined ? `and back${isReset(trace) ? ', a reset' : ''}` : `and back, ${errorText(error.is)}`;
      const isBack = trace.ending.kind === 'delivered' || (recognized && trace.ending.kind === 'outside');
      const end = isBack ? arrivalText(words, there, trace, recognized) : endingText(words, trace);
      return [...parts, words.colors.bold(`${what}: ${end}`), ...linesText(words, linesOf(words, trace))].join('\n');
    })
    .join('\n\n');
}

/** A packet that was met on its way. */
export function followedText(words: TraceWords, time: Date, seen: Seen): string {
  const { packet } = seen;
  const first = seen.steps.find((step) => step.kind === 'sent')?.packet ?? packet;
  const head = `${time.toISOString()} ${kindText(packet)} ${packetText(first)}: ${endingText(words, seen)}`;
  return [words.colors.bold(head), ...linesText(words, linesOf(words, seen))].join('\n');
}

/** Of an answer or an error. */
function arrivalText({ nameOf }: TraceWords, there: Seen, { ending, packet }: Seen, recognized: boolean): string {
  if (recognized) return 'arrives';
  const [sent] = there.steps;
  const at = nameOf(ending.at);
  if (sent?.kind !== 'sent' || sent.at !== ending.at) return `comes to ${at}, which has sent nothing`;
  return `comes to ${at}, which does not know what it belongs to: it is from ${endText(packet.source, packet.sourcePort)}`;
}

const RST = 4;

const isReset = ({ packet: { tcpFlags = 0 } }: Seen): boolean => (tcpFlags & RST) !== 0;

const errorText = ({ name, type, code, mtu }: NonNullable<SeenExchange['error']>['is']): string =>
  `ICMP ${name.replaceAll('-', ' ')}${mtu === undefined ? '' : `, ${mtu} bytes`} (${type}/${code})`;

export function linesText({ colors }: TraceWords, lines: readonly Line[]): readonly string[] {
  const width = Math.max(...lines.map(({ at }) => at.length));
  let last = '';
  return lines.map(({ at, text, place, comment, untold }) => {
    const shown = at === last ? '' : at;
    last = at;
    const where = [
      ...(untold === true ? ['(model)'] : []),
      ...(comment ? [comment] : []),
      ...(place === undefined ? [] : [`${place.file}:${place.line}`]),
    ].join('  ');
    return `  ${shown.padEnd(width)}  ${text}${where === '' ? '' : `  ${colors.dim(where)}`}`;
  });
}

type Way = Pick<Seen, 'steps' | 'untold'> & { readonly ending?: Seen['ending'] };

export function linesOf(words: TraceWords, way: Way): readonly Line[] {
  const { steps, left } = firstLaps(way);
  let depth = 0;
  let begin = '';
  const lines = steps.map((step) => {
    if (step.kind === 'decapsulated') depth -= 1;
    if (step.kind === 'sent' || step.kind === 'received') begin = step.kind === 'sent' ? 'output' : 'prerouting';
    const { text, ...rest } = stepLine(words, step, begin, depth);
    const line = {
      at: step.kind === 'bridged' || step.kind === 'matched' || step.kind === 'changed' ? step.bridge : words.nameOf(step.at),
      text: `${'| '.repeat(depth)}${text}`,
      ...rest,
      ...(way.untold?.has(step) === true && { untold: true }),
    };
    if (step.kind === 'encapsulated') depth += 1;
    return line;
  });
  return left === 0 ? lines : [...lines, { at: '', text: `and so on: it comes by ${left} more times` }];
}

/** Of a packet that goes in a circle, once round is enough. */
function firstLaps({ steps, ending }: Way): { readonly steps: readonly Step[]; readonly left: number } {
  const visits = steps.flatMap((step, place) => (step.kind === 'received' && step.at === ending?.at ? [place] : []));
  const [, second] = visits;
  const isCircle = ending?.kind === 'hop-limit' && ending.circle;
  return isCircle && second !== undefined ? { steps: steps.slice(0, second + 1), left: visits.length - 2 } : { steps, left: 0 };
}
