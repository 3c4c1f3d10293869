import type { Diagnostic, Related } from '../../diagnostic/diagnostic.ts';
import type { TextPosition } from '../text-position.ts';
import { quoted } from '../wording.ts';
import { asSaid, type Explanation, type Noticed } from './explanation.ts';
import { addressAsKey, badIndent, misplacedEntry, nested, notAKey } from './layout.ts';
import { openBracket } from './lexemes.ts';
import { endOfLine, startOfContent, visible } from './lines.ts';
import { openQuote, unclosed } from './unclosed.ts';

/** Says in a person's words what the YAML library found, and points at the cause instead of where it was noticed. */
export function explainSyntax(error: Noticed, text: string, position: TextPosition): Diagnostic {
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

function explain(error: Noticed, text: string, at: number): Explanation {
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

function missing(error: Noticed, text: string, at: number): Explanation {
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

function unexpected(error: Noticed, text: string, at: number): Explanation {
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
