/** What was opened and is not closed: the place where that was, and not the one where it was noticed. */
import { quoted } from '../wording.ts';
import type { Explanation } from './explanation.ts';
import { openBracket, quotedBefore } from './lexemes.ts';
import { visible } from './lines.ts';

export function unclosed(text: string, at: number): Explanation {
  const bracket = openBracket(text, at);
  if (!bracket) return { message: 'a bracket is not closed' };
  const closing = bracket.source === '{' ? '}' : ']';
  const there = visible(text, at);
  const message = `\`${bracket.source}\` is not closed`;
  const remedy = `Add \`${closing}\` where it ends.`;
  if (/[}\]]/.test(text[there] ?? '') && text[there] !== closing) {
    return {
      message: `\`${text[there]}\` does not close \`${bracket.source}\``,
      remedy: `Write \`${closing}\`.`,
      start: there,
      end: there + 1,
      related: { message: 'opened here', start: bracket.start },
    };
  }
  const atEnd = at >= text.trimEnd().length;
  return {
    message,
    remedy,
    start: bracket.start,
    end: bracket.start + 1,
    ...(!atEnd && { related: { message: 'it should have ended before this', start: there } }),
  };
}

export function openQuote(text: string, at: number): Explanation {
  const quote = quotedBefore(text, at);
  if (!quote) return { message: 'a quote is not closed' };
  return {
    message: `this ${quoted(quote.source.charAt(0))} is not closed`,
    remedy: 'Add the same quote where the text ends.',
    start: quote.start,
    end: quote.start + 1,
  };
}
