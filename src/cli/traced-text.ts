/** What the kernel did to a packet, in the form of `explain`, and where that is something else than what the model says. */
import type { Difference } from '../engine/trace/differences.ts';
import type { Traced } from '../engine/trace/traced.ts';
import type { Step } from '../proof/path/step.ts';
import { endingText } from './ending-text.ts';
import { explainedText, linesOf, linesText } from './trace-text.ts';
import type { Line, TraceWords } from './trace-words.ts';

export function tracedText(words: TraceWords, title: string, traced: readonly Traced[]): string {
  return traced.map((one) => [explainedText(words, title, [one]), ...verdictLines(words, one)].join('\n')).join('\n\n');
}

function verdictLines(words: TraceWords, traced: Traced): readonly string[] {
  const { there, back } = traced.differences;
  const { green, red } = words.colors;
  const lines = [...there, ...back].flatMap((difference) => differenceLines(words, difference));
  return lines.length === 0
    ? [green(`The kernel did what the model says${hasUntold(traced) ? '; nobody tells of what is marked (model)' : ''}.`)]
    : [red('The kernel did something else than the model says:'), ...lines];
}

const hasUntold = ({ there, back, error }: Traced): boolean => [there, back, error?.trace].some((way) => (way?.untold?.size ?? 0) > 0);

/** Steps of one that the other has nothing for; beyond, they are only counted. */
const MOST = 4;

function differenceLines(words: TraceWords, { model, kernel, endings }: Difference): readonly string[] {
  if (endings !== undefined)
    return linesText(words, [
      { at: 'model', text: endingText(words, { ending: endings.model }) },
      { at: 'kernel', text: endingText(words, { ending: endings.kernel }) },
    ]);
  return linesText(words, [...labelled(words, 'model', model), ...labelled(words, 'kernel', kernel)]);
}

function labelled(words: TraceWords, label: string, steps: readonly Step[]): readonly Line[] {
  const all = linesOf(words, { steps }).map((line) => ({ ...line, at: label, text: `${line.at}: ${line.text}` }));
  const rest = all.length - MOST;
  if (all.length === 0) return [{ at: label, text: 'nothing there' }];
  return rest > 0 ? [...all.slice(0, MOST), { at: label, text: `and ${rest} more` }] : all;
}
