import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import type { Diagnostic, Place } from '../diagnostic/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { plainData } from './plain-data.ts';
import { placeDiagnostics, wholeFile, wholeFileSource } from './source.ts';
import { TextPosition } from './text-position.ts';
import { validate } from './validate.ts';

/**
 * Runs a TypeScript or JavaScript file and takes its default export, called if it is a function, as a bottle file.
 */
export async function loadProgram(path: string, text: string): Promise<Loaded> {
  const source = wholeFileSource(path, text, 'program');
  const made = await run(path, text);
  if ('diagnostic' in made) return { file: undefined, source, diagnostics: [made.diagnostic] };
  const { data, diagnostics } = plainData(made.value);
  const validated = validate(data, diagnostics);
  return { file: validated.file, source, diagnostics: placeDiagnostics(validated.diagnostics, source) };
}

async function run(path: string, text: string): Promise<{ readonly value: unknown } | { readonly diagnostic: Diagnostic }> {
  try {
    // Nothing is kept between two runs: not on the disk, and not in the process, for the file may have changed.
    const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, interopDefault: false });
    const module = await jiti.import<Readonly<Record<string, unknown>>>(resolve(path));
    if (!('default' in module)) return { diagnostic: noResult(path) };
    const made = module['default'];
    const value: unknown = typeof made === 'function' ? await made() : await made;
    return value === undefined || value === null ? { diagnostic: noResult(path) } : { value };
  } catch (error) {
    return { diagnostic: failure(path, text, error) };
  }
}

function noResult(path: string): Diagnostic {
  return {
    code: 'program-result',
    severity: 'error',
    message: 'this program gives no description of a network',
    remedy: 'Export it: `export default { name: ... }`, or a function that returns it.',
    place: wholeFile(path),
  };
}

function failure(path: string, text: string, error: unknown): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [first = ''] = message.split('\n');
  const compiled = first.startsWith('ParseError: ');
  return {
    code: 'program-failed',
    severity: 'error',
    message: compiled
      ? `the program cannot be compiled: ${first.slice('ParseError: '.length).trim()}`
      : `the program failed: ${first.trim() || 'an error without a message'}`,
    place: placeInStack(path, text, stack) ?? wholeFile(path),
  };
}

/** The innermost place of a stack trace that is in the file. */
function placeInStack(path: string, text: string, stack: string): Place | undefined {
  const file = resolve(path);
  const at = stack.indexOf(`${file}:`);
  if (at < 0) return undefined;
  const numbers = /^(\d+):(\d+)/.exec(stack.slice(at + file.length + 1));
  const line = text.split('\n')[Number(numbers?.[1]) - 1];
  const column = Number(numbers?.[2]);
  // Compiling moves things along their line, at times past its end.
  if (line === undefined || !(column <= line.length)) return undefined;
  const before = text
    .split('\n')
    .slice(0, Number(numbers?.[1]) - 1)
    .join('\n');
  const start = (before === '' && numbers?.[1] === '1' ? 0 : before.length + 1) + column - 1;
  return new TextPosition(path, text).place(start, start + 1);
}
