import { extname } from 'node:path';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { type Content, readText } from './read.ts';
import { readable } from './readable.ts';
import { placeDiagnostics, textSource, wholeFile, wholeFileSource } from './source.ts';
import { TextPosition } from './text-position.ts';
import { plain } from './tree.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml.ts';

export type { Loaded } from './loaded.ts';

const textKinds: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const programKinds: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * Reads a bottle file and checks its shape: YAML, JSON, or a TypeScript or JavaScript program whose default export is the
 * description or a function that makes it. Whatever is wrong is in the diagnostics; nothing is thrown.
 *
 * @param read - what was read from it already
 */
export async function loadBottle(path: string, read?: Content): Promise<Loaded> {
  const kind = extname(path).toLowerCase();
  const content = read ?? (await readText(path));
  if ('diagnostic' in content) return failed(path, '', content.diagnostic);
  if (programKinds.has(kind)) {
    const { loadProgram } = await import('./program.ts');
    return loadProgram(path, content.text);
  }
  if (kind !== '' && !textKinds.has(kind)) {
    const message = `files ending in \`${kind}\` are not read`;
    return failed(path, content.text, {
      code: 'file-kind',
      severity: 'error',
      message,
      remedy: 'A bottle file ends in .yaml, .yml, .json, .ts, .mts, .js or .mjs.',
      place: wholeFile(path),
    });
  }
  return parseBottle(content.text, path);
}

/**
 * Reads the text of a bottle file in YAML. `fileName` is what the places say.
 *
 * @internal
 */
export function parseBottle(text: string, fileName: string): Loaded {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const position = new TextPosition(fileName, content);
  const { root, diagnostics } = readYaml(content, position);
  const source = textSource(fileName, content, position, root);
  if (root === undefined) return { file: undefined, sound: undefined, source, diagnostics: placeDiagnostics(diagnostics, source) };
  const validated = validate(plain(root), diagnostics, () => readable(root));
  return { ...validated, source, diagnostics: placeDiagnostics(validated.diagnostics, source) };
}

function failed(path: string, text: string, diagnostic: Diagnostic): Loaded {
  return { file: undefined, sound: undefined, source: wholeFileSource(path, text), diagnostics: [diagnostic] };
}
