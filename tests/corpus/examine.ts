import { join } from 'node:path';
import { countDiagnostics, renderDiagnostics } from '../../src/diagnostic/render.ts';
import { FileError, load } from '../../src/engine/load.ts';

/** Everything that is said of a file, as a person reads it. The file is called by its name alone, wherever it is. */
export async function examine(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  const { diagnostics, source } = await load(path).then(
    ({ warnings, source }) => ({ diagnostics: warnings, source }),
    (error: unknown) => {
      if (error instanceof FileError) return error;
      throw error;
    },
  );
  const text = renderDiagnostics(diagnostics, { textOf: () => source.text });
  return `${text.replaceAll(path, name)}\n\n${countDiagnostics(diagnostics)}\n`;
}
