import { resolve } from 'node:path';
import type { Diagnostic, Place } from '../diagnostic/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { type Ran, runProgram } from './program-run.ts';
import { programSource } from './program-source.ts';
import { placeDiagnostics, wholeFile } from './source.ts';
import { TextPosition } from './text-position.ts';

/** Milliseconds that a program may take. Said in the reference of `program-failed`. */
const LIMIT = 30_000;

/**
 * Runs a TypeScript or JavaScript file and takes its default export, called if it is a function, as a bottle file.
 * What it prints goes to standard error.
 *
 * @param limit milliseconds
 */
export async function loadProgram(path: string, text: string, limit = LIMIT): Promise<Loaded> {
  const source = programSource(path, text);
  const ran = await runProgram(resolve(path), limit);
  if (ran.kind !== 'made') return { file: undefined, sound: undefined, source, diagnostics: [whyNot(path, text, ran)] };
  return { ...ran.validated, source, diagnostics: placeDiagnostics(ran.validated.diagnostics, source) };
}

function whyNot(path: string, text: string, ran: Exclude<Ran, { readonly kind: 'made' }>): Diagnostic {
  const failed = { code: 'program-failed', severity: 'error', place: wholeFile(path) } as const;
  switch (ran.kind) {
    case 'nothing':
      return noResult(path);
    case 'left':
      return {
        ...failed,
        message: 'the program ended before it gave its result',
        remedy: 'Leave out `process.exit()`, and promises that are never kept.',
      };
    case 'late':
      return {
        ...failed,
        message: `the program was stopped after ${ran.seconds} s without a result`,
        remedy: 'Look for a loop that never ends, or for something that it waits for.',
      };
    case 'threw':
      return { ...failed, ...failure(path, text, ran) };
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

function failure(path: string, text: string, { message, stack }: { readonly message: string; readonly stack: string }) {
  const [first = ''] = message.split('\n');
  const compiled = first.startsWith('ParseError: ');
  return {
    message: compiled
      ? `the program cannot be compiled: ${first.slice('ParseError: '.length).trim()}`
      : `the program failed: ${first.trim() || 'an error without a message'}`,
    place: placeInStack(path, text, stack) ?? wholeFile(path),
    remedy: compiled ? 'Correct what the compiler does not take.' : 'Correct the program. What it writes to `console.error` is shown.',
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
