import { join } from 'node:path';
import { countDiagnostics, renderDiagnostics } from '../../src/diagnostic/render.ts';
import { resolve } from '../../src/network/resolve.ts';
import { loadBottle } from '../../src/spec/load.ts';
import { placeDiagnostics } from '../../src/spec/source.ts';

/** Everything that is said of a file, as a person reads it. The file is called by its name alone, wherever it is. */
export async function examine(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  const { file, source, diagnostics: read } = await loadBottle(path);
  const meant = file === undefined ? [] : placeDiagnostics(resolve(file, { directory }).diagnostics, source);
  const diagnostics = [...read, ...meant];
  const text = renderDiagnostics(diagnostics, { textOf: () => source.text });
  return `${text.replaceAll(path, name)}\n\n${countDiagnostics(diagnostics)}\n`;
}
