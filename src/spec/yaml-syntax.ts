import type { CST, Document } from 'yaml';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { explainSyntax } from './syntax/explain-syntax.ts';
import type { TextPosition } from './text-position.ts';

/** One slip often brings the reader out of step; what it says many lines further on helps nobody. */
const maxReported = 5;

/** Errors that are looked into. */
const maxExplained = 20;

// Nearly what YAML calls non-printable. With it a carriage return without a line feed, which some programs take for the end of a line.
const strangeCharacter = /\r(?!\n)|[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu;

/** Characters that no bottle file has, wherever they stand. */
export function characterDiagnostics(text: string, position: TextPosition): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const match of text.matchAll(strangeCharacter)) {
    if (match[0] === '\r') return [...diagnostics, oldLineEnds(match.index, position)];
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const message = `the invisible character U+${code} cannot be in a bottle file`;
    diagnostics.push({
      code: 'yaml-character',
      severity: 'error',
      message,
      remedy: 'Remove it.',
      place: position.place(match.index, match.index + 1),
    });
    if (diagnostics.length === maxReported) break;
  }
  return diagnostics;
}

function oldLineEnds(at: number, position: TextPosition): Diagnostic {
  const message = 'this line ends in a carriage return without a line feed';
  return {
    code: 'yaml-character',
    severity: 'error',
    message,
    remedy: 'Save the file with the line ends of Unix or of Windows.',
    place: position.place(at, at + 1),
  };
}

/** What is wrong with a text as YAML. Directives and further documents are understood, and refused. */
export function syntaxDiagnostics(
  text: string,
  tokens: readonly CST.Token[],
  documents: readonly Document.Parsed[],
  position: TextPosition,
): Diagnostic[] {
  const directives = tokens.filter((token) => token.type === 'directive').map((token) => directive(token, position));
  if (directives.length > 0) return directives.slice(0, maxReported);
  const diagnostics: Diagnostic[] = [];
  const lines = new Set<number>();
  const noticed = new Set<number>();
  for (const error of documents[0]?.errors ?? []) {
    const { line: at } = position.place(error.pos[0], error.pos[0]);
    // To explain one may take a look at the whole text, so that not all of a great many are.
    if (noticed.has(at) || noticed.size === maxExplained) continue;
    noticed.add(at);
    const diagnostic = explainSyntax(error, text, position);
    const line = diagnostic.place?.line ?? 0;
    if (lines.has(line)) continue;
    lines.add(line);
    if (diagnostics.push(diagnostic) === maxReported || endsDocument(error)) break;
  }
  if (diagnostics.length > 0) return diagnostics;
  return documents.slice(1).map((second) => furtherDocument(second, text, position));
}

// What follows the end of the outermost collection is unexpected line by line.
function endsDocument(error: { readonly code: string; readonly message: string }): boolean {
  return error.code === 'UNEXPECTED_TOKEN' && /YAML (stream|document)|node end/.test(error.message);
}

function directive(token: CST.Directive, position: TextPosition): Diagnostic {
  const place = position.place(token.offset, token.offset + token.source.length);
  const message = `\`${token.source.trim()}\` is a YAML directive; bottle files have none`;
  return { code: 'yaml-directive', severity: 'error', message, remedy: 'Remove the line.', place };
}

function furtherDocument(document: Document.Parsed, text: string, position: TextPosition): Diagnostic {
  const content = document.contents?.range[0] ?? document.range[0];
  const marker = text.lastIndexOf('\n---', content) + 1;
  const at = marker > 0 && /^---\s/.test(text.slice(marker, marker + 4)) ? marker : content;
  const message = 'a second YAML document begins here; a bottle file is one document';
  return { code: 'yaml-documents', severity: 'error', message, remedy: 'Move it to a file of its own.', place: position.place(at, at + 3) };
}
