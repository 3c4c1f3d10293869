/** What became of many packets: each different outcome once, with who else met it. */
import type { Named, Outcome, Survey } from '../engine/explain/survey.ts';
import { explainedText } from './trace-text.ts';
import type { TraceWords } from './trace-words.ts';

/** Of those that end alike, so many are named. */
const NAMED = 6;

export function surveyText(words: TraceWords, { outcomes, pairs, total }: Survey): string {
  const texts = outcomes.map((outcome) => {
    const { from, to, explained, same } = outcome;
    const text = explainedText(words, `${from} -> ${to}`, [explained]);
    return same.length === 0 ? text : `${text}\n${words.colors.bold(sameText(outcome))}`;
  });
  const sampled = pairs < total ? [`Of ${total} pairs, ${pairs} were looked at.`] : [];
  return [...texts, ...sampled].join('\n\n');
}

function sameText({ same }: Outcome): string {
  const named = same.slice(0, NAMED).map(nameText).join('; ');
  const more = same.length > NAMED ? `; and ${same.length - NAMED} more` : '';
  return `the same for ${same.length} ${same.length === 1 ? 'other' : 'others'}: ${named}${more}`;
}

const nameText = ({ from, to, exchange, family }: Named): string => `${from} -> ${to} ${exchange}, IPv${family}`;
