/** What went wrong, for a person or as JSON, and the exit code that goes with it. */
import { readFileSync } from 'node:fs';
import { ProcessError } from '../backend/process/process-error.ts';
import { RootlessError } from '../backend/rootless/rootless-error.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { countDiagnostics, type Palette, renderDiagnostics } from '../diagnostic/render.ts';
import { EngineError } from '../engine/error.ts';
import { FileError, type RecalledBottle } from '../engine/load.ts';
import type { Source } from '../spec/source.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import { jsonDocument, type Terminal } from './terminal.ts';

export function showFailure(terminal: Terminal, error: unknown): ExitCode {
  if (error instanceof FileError) return showFileError(terminal, error);
  const { code, message, details, cause, remedy, known } = told(error);
  if (terminal.json) {
    const more = { ...(cause === undefined ? {} : { cause: cause.code }), ...(remedy === undefined ? {} : { remedy }) };
    terminal.out(jsonDocument('error', { code, message, details, ...more }));
  } else terminal.err(errorText(terminal, error));
  if (known === undefined && process.env['NETBOTTLE_DEBUG'] !== undefined && error instanceof Error) terminal.err(error.stack ?? '');
  return exitOf(code);
}

/** What is said of an error, whether it is known or not. */
function told(error: unknown) {
  const known = error instanceof EngineError || error instanceof ProcessError || error instanceof RootlessError ? error : undefined;
  const code = known?.code ?? 'internal';
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof EngineError ? error.details : [];
  const cause = causeOf(error);
  const remedy =
    known === undefined
      ? 'This is a mistake in Netbottle. Please report it; NETBOTTLE_DEBUG=1 shows where it happened.'
      : (known.remedy ?? cause?.remedy);
  return { code, message, details, cause, remedy, known };
}

function errorText(terminal: Terminal, error: unknown): string {
  const { code, message, details, cause, remedy } = told(error);
  const colors = terminal.errorColors;
  const lines = [
    `${colors.red(`error[${code}]`)}: ${colors.bold(message)}`,
    ...details.map((detail) => {
      const label = detail === cause?.message ? `${colors.red(`error[${cause.code}]`)}: ` : '';
      return `  ${label}${detail.replaceAll('\n', '\n  ')}`;
    }),
  ];
  if (remedy !== undefined) lines.push(`  ${colors.bold('help:')} ${remedy}`);
  return lines.join('\n');
}

/** What another command would refuse, told by one that goes on. Warnings of the file have been told already. */
export function showRefusal(terminal: Terminal, error: EngineError | FileError): void {
  const heading = terminal.errorColors.bold('`bottle up` would refuse this:');
  const text = error instanceof FileError ? rendered(terminal, errorsOf(error), error.source) : errorText(terminal, error);
  terminal.err(`${heading}\n${text}\n`);
}

/** The same for scripts. */
export const refusalJson = (error: EngineError | FileError): object =>
  error instanceof FileError
    ? { code: 'file', message: countDiagnostics(errorsOf(error)), diagnostics: errorsOf(error) }
    : { code: error.code, message: error.message, details: error.details };

const errorsOf = ({ diagnostics }: FileError): FileError['diagnostics'] => diagnostics.filter(({ severity }) => severity === 'error');

/** What is behind a failure, where it has a code of its own. */
function causeOf(error: unknown): ProcessError | RootlessError | undefined {
  const cause = error instanceof EngineError ? error.cause : undefined;
  return cause instanceof ProcessError || cause instanceof RootlessError ? cause : undefined;
}

function exitOf(code: string): ExitCode {
  switch (code) {
    case 'busy':
      return exitCodes.busy;
    case 'declined':
      return exitCodes.declined;
    case 'interrupted':
      return exitCodes.interrupted;
    case 'usage':
      return exitCodes.usage;
    default:
      return exitCodes.error;
  }
}

function showFileError(terminal: Terminal, { diagnostics, source }: FileError): ExitCode {
  if (terminal.json) terminal.out(jsonDocument('error', { code: 'file', message: countDiagnostics(diagnostics), diagnostics }));
  else terminal.err(`${rendered(terminal, diagnostics, source)}\n\n${countDiagnostics(diagnostics)}. Nothing was changed.`);
  return diagnostics.every(({ severity, code }) => severity === 'warning' || code === 'promise-refuted')
    ? exitCodes.broken
    : exitCodes.error;
}

/** Warnings of a file that is right otherwise. */
export async function showWarnings(terminal: Terminal, { warnings, source }: RecalledBottle): Promise<void> {
  if (warnings.length > 0 && !terminal.json) terminal.err(`${rendered(terminal, warnings, await source())}\n`);
}

function rendered(terminal: Terminal, diagnostics: readonly Diagnostic[], source: Source): string {
  const colors = terminal.errorColors;
  const palette: Palette = { error: colors.red, warning: colors.yellow, strong: colors.bold, faint: colors.dim };
  return renderDiagnostics(diagnostics, {
    textOf: (file) => (file === source.file ? source.text : readFileSync(file, 'utf8')),
    palette,
    width: process.stderr.columns ?? 100,
  });
}
