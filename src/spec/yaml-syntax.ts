import type { CST, Document, ErrorCode } from 'yaml';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { TextPosition } from './text-position.ts';

interface SyntaxError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [number, number];
}

interface Wording {
  readonly message: string;
  readonly remedy?: string;
}

/** One slip often brings the reader out of step; what it says after that many lines helps nobody. */
const maxReported = 10;

/** What is wrong with a text as YAML. Directives and further documents are understood, and refused. */
export function syntaxDiagnostics(text: string, tokens: readonly CST.Token[], documents: readonly Document.Parsed[], position: TextPosition): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const token of tokens) {
    if (token.type !== 'directive') continue;
    const message = `\`${token.source.trim()}\` is a YAML directive; bottle files have none`;
    diagnostics.push({ code: 'yaml-directive', severity: 'error', message, remedy: 'Remove the line.', place: position.place(token.offset, token.offset + token.source.length) });
  }
  if (diagnostics.length > 0) return diagnostics;
  const lines = new Set<number>();
  for (const error of documents[0]?.errors ?? []) {
    const [start, end] = around(text, error.pos);
    const place = position.place(start, end);
    if (lines.has(place.line) || lines.size >= maxReported) continue;
    lines.add(place.line);
    const code = error.code === 'TAB_AS_INDENT' ? 'yaml-tab' : 'yaml-syntax';
    diagnostics.push({ code, severity: 'error', ...wording(error, text), place });
  }
  if (diagnostics.length > 0) return diagnostics;
  const second = documents[1];
  if (second) {
    const start = text.lastIndexOf('---', second.range[0]);
    const at = start < 0 ? second.range[0] : start;
    const message = 'a second YAML document begins here; a bottle file is one document';
    diagnostics.push({ code: 'yaml-documents', severity: 'error', message, remedy: 'Move it to a file of its own.', place: position.place(at, at + 3) });
  }
  return diagnostics;
}

// The end of the text, or of a line, is nothing to point at: the last character before it is.
function around(text: string, [start, end]: readonly [number, number]): readonly [number, number] {
  let from = Math.min(start, text.length);
  if (from >= text.length) while (from > 0 && /\s/.test(text[from - 1] ?? '')) from--;
  const lineEnd = text.indexOf('\n', from);
  const to = Math.min(Math.max(end, from + 1), lineEnd < 0 ? text.length : lineEnd);
  return [from, Math.max(to, from)];
}

function wording(error: SyntaxError, _text: string): Wording {
  return { message: error.message.charAt(0).toLowerCase() + error.message.slice(1) };
}
