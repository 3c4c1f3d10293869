import type { Diagnostic, Place } from './diagnostic.ts';
import { excerpt } from './excerpt.ts';

/** How the parts of a diagnostic are set off. Each takes text and gives it back with whatever marks it. */
export interface Palette {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

export interface RenderOptions {
  /** The text of a file that a place names; undefined where it is not at hand, and no line is shown. */
  readonly textOf: (file: string) => string | undefined;
  /** Plain text unless given. */
  readonly palette?: Palette;
  /** Columns that a line of the file may take; 100 unless given. */
  readonly width?: number;
}

const plain: Palette = { error: String, warning: String, strong: String, faint: String };

/** Diagnostics as text for a person, an empty line between two. Ends without a line break. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join('\n\n');
}

/** @internal */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const palette = options.palette ?? plain;
  const tone = diagnostic.severity === 'error' ? palette.error : palette.warning;
  const head = `${tone(`${diagnostic.severity}[${diagnostic.code}]`)}: ${palette.strong(harmless(diagnostic.message))}`;
  const lines = [diagnostic.place ? `${where(diagnostic.place)}: ${head}` : head];
  lines.push(...shown(diagnostic.place, tone, options));
  for (const related of diagnostic.related ?? []) {
    lines.push(`  ${related.place ? `${where(related.place)}: ` : ''}${harmless(related.message)}`);
    lines.push(...shown(related.place, palette.faint, options));
  }
  if (diagnostic.remedy) lines.push(`  ${palette.strong('help:')} ${harmless(diagnostic.remedy)}`);
  return lines.join('\n');
}

/** `2 errors, 1 warning`; `no errors` for none. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [errors > 0 && counted(errors, 'error'), warnings > 0 && counted(warnings, 'warning')].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : 'no errors';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

// A place that is nothing wide stands for the file as a whole.
function isWhole(place: Place): boolean {
  return place.line === place.endLine && place.column === place.endColumn;
}

function where(place: Place): string {
  return isWhole(place) ? harmless(place.file) : `${harmless(place.file)}:${place.line}:${place.column}`;
}

function shown(place: Place | undefined, tone: (text: string) => string, options: RenderOptions): string[] {
  if (!place || isWhole(place)) return [];
  const text = options.textOf(place.file);
  if (text === undefined) return [];
  const { line, before, length } = excerpt(text, place, options.width ?? 100);
  const faint = (options.palette ?? plain).faint;
  const number = String(place.line).padStart(5);
  return [
    `${faint(`${number} |`)} ${line}`.trimEnd(),
    `${faint(`${' '.repeat(number.length)} |`)} ${' '.repeat(before)}${tone('^'.repeat(length))}`,
  ];
}

// Text of a file could otherwise move the cursor or change colours on the reader's terminal.
function harmless(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
