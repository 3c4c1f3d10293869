/** Keys and entries of lists that do not stand where they belong. */
import { quoted } from '../wording.ts';
import type { Explanation, Noticed } from './explanation.ts';
import { endOfLine, lineOfSameIndent, visible } from './lines.ts';
import { unclosed } from './unclosed.ts';

export function nested(text: string, at: number): Explanation {
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

/** YAML takes a colon before a space, a comma or a bracket for the end of a key. */
export function addressAsKey(text: string, at: number): Explanation | undefined {
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

export function misplacedEntry(_text: string, at: number): Explanation {
  return {
    message: 'a list entry (`- `) stands among keys',
    remedy: 'Write it as `key: value`, or indent it below the key that it belongs to.',
    start: at,
    end: at + 1,
  };
}

export function notAKey(text: string, at: number): Explanation {
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

export function badIndent(error: Noticed, text: string, at: number): Explanation {
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
