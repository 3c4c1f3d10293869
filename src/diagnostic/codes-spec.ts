import type { CodeEntry } from './code-entry.ts';

/** Codes of the front end: reading a file and checking its shape. Alphabetical. */
export const specCodes = {
  'bad-name': {
    title: 'A name that the network could not use',
    text: 'Names of machines, routers, networks and so on become host names, parts of DNS names and names of namespaces. They have 1 to 63 characters: lower-case letters, digits and hyphens, beginning with a letter and ending with a letter or a digit. The name of the bottle itself has at most 32.',
  },
  'bad-value': {
    title: 'A value that is not one of those allowed',
    text: 'The key takes one of a few words, and the message lists them; or a list must have more entries than it has; or a text must not be empty.',
  },
  'duplicate-key': {
    title: 'The same key twice in one place',
    text: 'Two machines of the same name, or a setting written twice: only one could count, and a file must not depend on which. The place of the first is shown as well.',
  },
  'empty-value': {
    title: 'A key with nothing after it',
    text: 'The key is written, but its value is not: often what belongs to it is not indented deeper than the key itself. A machine or network without any setting of its own is written `web: {}`.',
  },
  'file-empty': {
    title: 'The file describes nothing',
    text: 'The file is empty or holds only comments. `bottle init` writes one to begin with.',
  },
  'file-kind': {
    title: 'A file of a kind that is not read',
    text: 'A bottle file is YAML (`.yaml`, `.yml`, or JSON in one of these or in `.json`), TypeScript (`.ts`, `.mts`) or JavaScript (`.js`, `.mjs`).',
  },
  'file-not-found': {
    title: 'There is no such file',
    text: 'Without a name, `bottle.yaml` in the current directory is meant.',
  },
  'file-not-text': {
    title: 'The file is not text in UTF-8',
    text: 'It holds bytes that no UTF-8 text has: it is in another encoding (UTF-16, Latin-1), or it is not a text at all.',
  },
  'file-too-large': {
    title: 'The file is too large',
    text: 'A file has at most 5 MB, and at most 500,000 words, marks and line breaks, which are about 20,000 machines. Nobody writes that by hand. A TypeScript file (`bottle.ts`) can make a very large network in a few lines.',
  },
  'file-unreadable': {
    title: 'The file cannot be read',
    text: 'It is a directory, or the permissions do not allow it, or the system reported another error, which the message names.',
  },
  'missing-key': {
    title: 'A key that has to be there is missing',
    text: 'The part cannot be made without it. The message names the key, and the remedy shows how to write it.',
  },
  'number-range': {
    title: 'A number outside its range',
    text: 'The message gives the range and the unit.',
  },
  'program-failed': {
    title: 'The TypeScript or JavaScript file failed',
    text: 'The file threw an error while it was read, could not be compiled, or gave no result within 30 seconds, after which it is stopped. The place is the line that the error came from, where that is known.',
  },
  'program-result': {
    title: 'The TypeScript or JavaScript file does not give a description',
    text: 'A `bottle.ts` exports the description as its default: an object, or a function that returns one (at once or as a promise). It holds plain data only: objects, arrays, text, numbers and truth values.',
  },
  'reserved-key': {
    title: 'A name that has a meaning in JavaScript',
    text: '`__proto__`, `constructor` and `prototype` cannot be used as keys or names anywhere.',
  },
  'too-many-errors': {
    title: 'More errors than are shown',
    text: 'A file that a program wrote wrongly can have one error in every line. The first 500 are shown; the others come to light when these are mended.',
  },
  'unknown-key': {
    title: 'A key that the file format does not have',
    text: 'Most often a slip of the pen: the nearest known key is suggested, or the part of the file in which the key would be known.',
  },
  'wrong-type': {
    title: 'A value of the wrong kind',
    text: 'Text where a number is wanted, one value where a list is wanted, and so on. YAML reads `1.2` as a number, `true` as a truth value and `2001:db8::1` as text: in quotes, everything is text.',
  },
  'yaml-alias': {
    title: 'A YAML anchor or alias',
    text: '`&name` and `*name` let one part of a file stand for others. Every machine and address that Netbottle makes leads back to one line of the file, so bottle files do not have them. To say things once, make the file with TypeScript (`bottle.ts`).',
  },
  'yaml-character': {
    title: 'A character that cannot be seen',
    text: 'Control characters come into files by accident, by copying from a terminal or a word processor, and would end up in names and commands.',
  },
  'yaml-depth': {
    title: 'Too many lists or maps inside one another',
    text: 'A bottle file needs about eight levels; more than 64 are not read.',
  },
  'yaml-directive': {
    title: 'A YAML directive',
    text: 'Lines such as `%YAML 1.1` change how the rest is read. Bottle files are always YAML 1.2.',
  },
  'yaml-documents': {
    title: 'More than one YAML document in the file',
    text: 'A line `---` begins another document. A file describes one bottle.',
  },
  'yaml-key': {
    title: 'A key that is not text',
    text: 'YAML allows lists, maps and nothing at all as keys; bottle files do not. A key that begins with `[`, `{`, `*`, `&`, `!` or `%` has to be in quotes.',
  },
  'yaml-merge': {
    title: 'A YAML merge key',
    text: '`<<` copies the keys of one map into another, which hides where a value comes from. To say things once, make the file with TypeScript (`bottle.ts`).',
  },
  'yaml-syntax': {
    title: 'The text is not YAML',
    text: 'The indentation, a bracket, a quote or a colon is not where YAML wants it. What comes after such a place may be misread too, so the first message is the one to look at first.',
  },
  'yaml-tab': {
    title: 'A tab as indentation',
    text: 'YAML does not allow tabs before the first character of a line: editors show them with different widths, and the indentation carries the meaning. Use spaces.',
  },
  'yaml-tag': {
    title: 'A YAML tag',
    text: 'Tags such as `!!str` or `!include` change how a value is read or run something. Bottle files have none.',
  },
} as const satisfies Record<string, CodeEntry>;
