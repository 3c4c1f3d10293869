import type { ErrorCode } from 'yaml';
import type { Diagnostic, Related } from '../diagnostic/diagnostic.ts';
import type { TextPosition } from './text-position.ts';
import { quoted } from './wording.ts';
import { openBracket, quotedBefore } from './yaml-lexemes.ts';

/** What the YAML library found. */
interface SyntaxError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [number, number];
}

interface Explanation {
  readonly message: string;
  readonly remedy?: string;
  /** Offsets of what is meant, when it is not where the library noticed. */
  readonly start?: number;
  readonly end?: number;
  readonly related?: { readonly message: string; readonly start: number };
}

/** Says in a person's words what the YAML library found, and points at the cause instead of where it was noticed. */
export function explainSyntax(error: SyntaxError, text: string, position: TextPosition): Diagnostic {
  const noticed = visible(text, error.pos[0]);
  const explained = explain(error, text, noticed);
  const start = explained.start ?? noticed;
  const end = explained.end ?? Math.max(start + 1, Math.min(error.pos[1], endOfLine(text, start)));
  const related: Related[] = explained.related
    ? [{ message: explained.related.message, place: position.place(explained.related.start, explained.related.start + 1) }]
    : [];
  return {
    code: error.code === 'TAB_AS_INDENT' ? 'yaml-tab' : error.code === 'RESOURCE_EXHAUSTION' ? 'yaml-depth' : 'yaml-syntax',
    severity: 'error',
    message: explained.message,
    ...(explained.remedy !== undefined && { remedy: explained.remedy }),
    place: position.place(start, end),
    ...(related.length > 0 && { related }),
  };
}

function explain(error: SyntaxError, text: string, at: number): Explanation {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab stands where YAML wants spaces', remedy: 'Indent with spaces.', start: error.pos[0], end: error.pos[1] };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return error.message.startsWith('A block sequence') ? misplacedEntry(text, at) : nested(text, at);
    case 'MULTILINE_IMPLICIT_KEY':
      return notAKey(text, at);
    case 'BAD_SCALAR_START':
      return {
        message: `a value cannot begin with ${text[at] === '`' ? 'a backtick' : quoted(text[at] ?? '')}`,
        remedy: 'Put the value in quotes.',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${quoted(error.message.replace(/^.*sequence /, ''))} has no meaning in double quotes`,
        remedy: 'Write `\\\\` for a backslash, or use single quotes.',
      };
    case 'BAD_ALIAS':
      return { message: `\`${text[at] ?? ''}\` alone means nothing in YAML`, remedy: 'Put it in quotes if it is meant as text.' };
    case 'BLOCK_IN_FLOW':
      if (addressAsKey(text, at)) return addressAsKey(text, at) ?? asSaid(error);
      return {
        message: 'inside `{ }` and `[ ]` everything has to be written with brackets',
        remedy: 'Use `{ key: value }` and `[a, b]` here, or indentation without brackets around it.',
      };
    case 'KEY_OVER_1024_CHARS':
      return { message: 'this key is longer than 1024 characters' };
    case 'RESOURCE_EXHAUSTION':
      return { message: 'too many collections inside one another' };
    case 'BAD_INDENT':
      return badIndent(error, text, at);
    case 'MISSING_CHAR':
      return missing(error, text, at);
    case 'UNEXPECTED_TOKEN':
      return unexpected(error, text, at);
    default:
      return asSaid(error);
  }
}

const commaMissing: Explanation = {
  message: 'a comma is missing before this',
  remedy: 'Between `{ }` and `[ ]`, entries are separated by commas.',
};

function asSaid(error: SyntaxError): Explanation {
  return { message: error.message.charAt(0).toLowerCase() + error.message.slice(1) };
}

function nested(text: string, at: number): Explanation {
  const end = endOfLine(text, at);
  const address = addressAsKey(text, at);
  if (address) return address;
  const colon = /:(\s|$)/.exec(text.slice(at, end));
  if (colon) {
    return {
      message: 'a second `: ` on one line',
      remedy: 'Put the value in quotes, or begin a new line for the second key.',
      start: at + colon.index,
      end: at + colon.index + 1,
    };
  }
  const next = visible(text, end);
  return {
    message: 'this line is indented deeper than the one above, which has its value already',
    remedy: 'Begin it in the same column as the line above, or remove the value there.',
    start: next,
    end: endOfLine(text, next),
  };
}

// YAML takes a colon before a space, a comma or a bracket for the end of a key.
function addressAsKey(text: string, at: number): Explanation | undefined {
  const address = /^[0-9a-f]*:[0-9a-f:]*:(?=[\s,}\]]|$)/i.exec(text.slice(at, endOfLine(text, at)))?.[0];
  if (address === undefined) return undefined;
  const remedy = `Put it in quotes: ${quoted(`'${address}'`)}.`;
  return {
    message: `YAML takes the colon at the end of ${quoted(address)} for the end of a key`,
    remedy,
    start: at,
    end: at + address.length,
  };
}

function misplacedEntry(_text: string, at: number): Explanation {
  return {
    message: 'a list entry (`- `) stands among keys',
    remedy: 'Write it as `key: value`, or indent it below the key that it belongs to.',
    start: at,
    end: at + 1,
  };
}

function notAKey(text: string, at: number): Explanation {
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  if (/:\s+$|-\s+$/.test(before)) return nested(text, at);
  const line = text.slice(at, endOfLine(text, at)).trimEnd();
  const end = at + line.length;
  const joined = /^([\w-]+):(\S.*)$/.exec(line);
  if (joined)
    return { message: 'a space is missing after the colon', remedy: `Write ${quoted(`${joined[1]}: ${joined[2]}`)}.`, start: at, end };
  if (line.startsWith('- ')) return { message: 'a list entry (`- `) stands among keys', start: at, end };
  const message = `${quoted(line)} is followed by no colon`;
  return { message, start: at, end, ...(/^[\w. >-]+$/.test(line) && { remedy: `If it is a key, write ${quoted(`${line}:`)}.` }) };
}

function badIndent(error: SyntaxError, text: string, at: number): Explanation {
  if (error.message.includes('must be sufficiently indented')) return unclosed(text, error.pos[0]);
  const end = endOfLine(text, at);
  if (error.message.startsWith('Block scalar')) return { message: 'this line is indented less than the text that it belongs to', end };
  const before = lineOfSameIndent(text, at);
  const entry = /^-\s/.test(text.slice(at, at + 2));
  if (before !== undefined && before.startsWith('- ') !== entry) {
    return entry
      ? {
          message: 'a list entry (`- `) stands among keys',
          remedy: 'Write it as `key: value`, or indent it below the key that it belongs to.',
          end,
        }
      : { message: 'a key stands among the entries of a list', remedy: 'Begin it with `- `, or write the entries above as keys too.', end };
  }
  return {
    message: 'the indentation of this line fits none of the lines above',
    remedy: 'Keys that belong together begin in the same column.',
    end,
  };
}

function missing(error: SyntaxError, text: string, at: number): Explanation {
  if (error.message.startsWith('Missing closing')) return openQuote(text, error.pos[0]);
  if (error.message.includes('end with a')) return unclosed(text, error.pos[0]);
  if (error.message.startsWith('Implicit map keys') || error.message.startsWith('Implicit keys'))
    return notAKey(text, startOfContent(text, at));
  if (error.message.startsWith('Comments must'))
    return {
      message: 'a space is missing before `#`',
      remedy: 'A comment begins with a space and `#`; a text that has `#` in it needs quotes around all of it.',
    };
  if (error.message.startsWith('Missing , ')) return commaMissing;
  if (error.message.startsWith('Missing space after :')) return { message: 'a space is missing after the colon' };
  if (error.message.startsWith('Sequence item without'))
    return {
      message: 'a key stands among the entries of a list',
      remedy: 'Begin it with `- `, or write the entries above as keys too.',
      end: endOfLine(text, at),
    };
  return asSaid(error);
}

function unexpected(error: SyntaxError, text: string, at: number): Explanation {
  const found = text.slice(at, endOfLine(text, at)).trim();
  if (/[|>][-+\d]*[ \t]+$/.test(text.slice(Math.max(0, at - 20), at)))
    return { message: 'after `|` or `>` the text begins on the next line', end: endOfLine(text, at) };
  if (/scalar at node end|scalar token/.test(error.message)) {
    if (openBracket(text, at)) return commaMissing;
    if (text[at - 1] === "'") {
      return {
        message: `${quoted(found)} follows a text that is complete already`,
        remedy: "Inside single quotes write a single quote twice (`''`), or use double quotes.",
      };
    }
    return {
      message: `${quoted(found)} follows a value that is complete already`,
      remedy: 'Put the whole value in quotes, or remove what follows it.',
    };
  }
  if (error.message.startsWith('Unexpected ,')) return { message: 'a comma with nothing before it' };
  if (error.message.startsWith('Block scalar header'))
    return { message: `after \`|\` or \`>\` the text begins on the next line`, start: at, end: endOfLine(text, at) };
  if (error.message.includes('block-seq-ind on same line'))
    return { message: 'a list cannot begin on the line of its key', remedy: 'Begin it on the next line, or write `[a, b]`.' };
  if (/^[}\]]/.test(found)) return { message: `${quoted(found.charAt(0))} closes nothing`, end: at + 1 };
  if (found.startsWith(':'))
    return { message: 'a colon with no key before it', remedy: 'A key and its colon stand on the same line.', end: at + 1 };
  return found === ''
    ? { message: 'something is missing here' }
    : { message: `${quoted(found)} is not expected here`, end: endOfLine(text, at) };
}

function unclosed(text: string, at: number): Explanation {
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

function openQuote(text: string, at: number): Explanation {
  const quote = quotedBefore(text, at);
  if (!quote) return { message: 'a quote is not closed' };
  return {
    message: `this ${quoted(quote.source.charAt(0))} is not closed`,
    remedy: 'Add the same quote where the text ends.',
    start: quote.start,
    end: quote.start + 1,
  };
}

/** The nearest line above with the same indentation, without it; undefined when a line of less comes first. */
function lineOfSameIndent(text: string, at: number): string | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = at - start;
  for (const line of text.slice(0, start).split('\n').reverse()) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const own = line.length - content.length;
    if (own === indent) return content;
    if (own < indent) return undefined;
  }
  return undefined;
}

function startOfContent(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return Math.min(at, visible(text, start));
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const stop = end < 0 ? text.length : end;
  return text[stop - 1] === '\r' && stop > at ? stop - 1 : stop;
}

// The first character at or after an offset that can be seen; the last before it at the end of the text.
function visible(text: string, offset: number): number {
  let at = Math.min(offset, text.length);
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  if (at < text.length) return at;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
  return Math.max(0, at - 1);
}
