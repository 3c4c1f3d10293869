import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import type { TextPosition } from './text-position.ts';
import { characterDiagnostics, syntaxDiagnostics } from './yaml-syntax.ts';
import { documentTree, type YamlContent } from './yaml-tree.ts';

/** Collections inside one another. A bottle file needs eight; far more than that would exhaust the stack. */
const maxDepth = 64;

/** Words, marks, spaces and line breaks. A file of 20,000 machines has that many, and takes about two seconds. */
const maxLexemes = 500_000;

/** Reads YAML 1.2. Anchors, aliases, merge keys, tags and directives are reported and never carried out. */
export function readYaml(text: string, position: TextPosition): YamlContent {
  const strange = characterDiagnostics(text, position);
  if (strange.length > 0) return { root: undefined, diagnostics: strange };
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const place = () => position.place(parser.offset, parser.offset + 1);
    if (parser.stack.length > maxDepth) {
      const message = `more than ${maxDepth} collections inside one another`;
      return { root: undefined, diagnostics: [{ code: 'yaml-depth', severity: 'error', message, place: place() }] };
    }
    if (++lexemes > maxLexemes) {
      const message = `more than ${maxLexemes} words and marks; the rest from here is not read`;
      const remedy = 'Make a network of this size with TypeScript (bottle.ts).';
      return { root: undefined, diagnostics: [{ code: 'file-too-large', severity: 'error', message, remedy, place: place() }] };
    }
  }
  tokens.push(...parser.end());
  const documents = compose(tokens, text.length);
  const wrong = syntaxDiagnostics(text, tokens, documents, position);
  const document = documents[0];
  if (wrong.length > 0 || document === undefined) return { root: undefined, diagnostics: wrong };
  return documentTree(document, text, position);
}

// Keys are compared in `documentTree`, which takes linear time and knows both places.
function compose(tokens: CST.Token[], length: number): Document.Parsed[] {
  const composer = new Composer({
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  // The library makes an Error object of each slip, and a broken text can have a great many: their stacks would fill the memory.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (const document of composer.compose(tokens, true, length)) {
      // Two are enough to know that there is more than one.
      if (documents.push(document) === 2) break;
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return documents;
}
