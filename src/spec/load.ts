import { extname } from 'node:path';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Loaded } from './loaded.ts';
import { type Content, readText } from './read.ts';
import { readable } from './readable.ts';
import { type ReadText, reread } from './reread.ts';
import { placeDiagnostics, textSource, wholeFile, wholeFileSource } from './source.ts';
import { TextPosition } from './text-position.ts';
import { plain } from './tree.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml.ts';
import type { YamlContent } from './yaml-tree.ts';

export type { Loaded } from './loaded.ts';

const textKinds: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const programKinds: ReadonlySet<string> = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * Reads a bottle file and checks its shape: YAML, JSON, or a TypeScript or JavaScript program whose default export is the
 * description or a function that makes it. Whatever is wrong is in the diagnostics; nothing is thrown.
 *
 * @param got - what was read from it already
 * @param before - texts that this one may differ little from
 */
export async function loadBottle(path: string, got?: Content, before: Iterable<ReadText> = []): Promise<Loaded> {
  const kind = extname(path).toLowerCase();
  const content = got ?? (await readText(path));
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
  return parseBottle(content.text, path, before);
}

/**
 * Reads the text of a bottle file in YAML. `fileName` is what the places say.
 *
 * @internal
 */
export function parseBottle(text: string, fileName: string, before: Iterable<ReadText> = []): Loaded {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const position = new TextPosition(fileName, content);
  const { root, diagnostics } = rereadOne(before, content) ?? readYaml(content, position);
  const source = textSource(fileName, content, position, root);
  if (root === undefined) return { file: undefined, sound: undefined, source, diagnostics: placeDiagnostics(diagnostics, source) };
  const validated = validate(plain(root), diagnostics, () => readable(root));
  const read = validated.diagnostics.length === 0 ? { text: content, root } : undefined;
  return { ...validated, source, diagnostics: placeDiagnostics(validated.diagnostics, source), ...(read && { read }) };
}

function rereadOne(before: Iterable<ReadText>, text: string): YamlContent | undefined {
  for (const one of before) {
    const root = reread(one, text);
    if (root !== undefined) return { root, diagnostics: [] };
  }
  return undefined;
}

function failed(path: string, text: string, diagnostic: Diagnostic): Loaded {
  return { file: undefined, sound: undefined, source: wholeFileSource(path, text), diagnostics: [diagnostic] };
}
