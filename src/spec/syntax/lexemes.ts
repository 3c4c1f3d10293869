import { CST, Lexer } from 'yaml';

export interface Lexeme {
  readonly type: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** The smallest parts of a YAML text with their offsets; used to explain errors only. */
function* lexemes(text: string): Generator<Lexeme> {
  let start = 0;
  let scalar: boolean = false;
  for (const source of new Lexer().lex(text)) {
    const type: string = scalar ? 'scalar' : (CST.tokenType(source) ?? 'error');
    // The lexer marks a scalar, the beginning of a document and a broken flow collection with characters that are not in the text.
    const invisible = !scalar && (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end');
    scalar = !scalar && type === 'scalar';
    if (invisible) continue;
    yield { type, source, start, end: start + source.length };
    start += source.length;
  }
}

/** The bracket that is open at an offset, the innermost; undefined when none is. */
export function openBracket(text: string, offset: number): Lexeme | undefined {
  const open: Lexeme[] = [];
  for (const lexeme of lexemes(text)) {
    if (lexeme.start >= offset) break;
    if (lexeme.type === 'flow-map-start' || lexeme.type === 'flow-seq-start') open.push(lexeme);
    else if (lexeme.type === 'flow-map-end' || lexeme.type === 'flow-seq-end') open.pop();
  }
  return open.at(-1);
}

/** The quoted text that ends at an offset. */
export function quotedBefore(text: string, offset: number): Lexeme | undefined {
  let last: Lexeme | undefined;
  for (const lexeme of lexemes(text)) {
    if (lexeme.start >= offset) break;
    if (lexeme.type === 'single-quoted-scalar' || lexeme.type === 'double-quoted-scalar') last = lexeme;
  }
  return last;
}
