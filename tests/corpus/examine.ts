import { join } from 'node:path';
import { homeFor } from '../../src/backend/home.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { countDiagnostics, renderDiagnostics } from '../../src/diagnostic/render.ts';
import { FileError, type LoadedBottle, load } from '../../src/engine/load.ts';
import { provePromises } from '../../src/engine/prove/promises.ts';

/** Everything that is said of a file, as a person reads it. The file is called by its name alone, wherever it is. */
export async function examine(directory: string, name: string): Promise<string> {
  const path = join(directory, name);
  const { diagnostics, source } = await load(path).then(examineProof, (error: unknown) => {
    if (error instanceof FileError) return error;
    throw error;
  });
  const text = renderDiagnostics(diagnostics, { textOf: () => source.text });
  return `${text.replaceAll(path, name)}\n\n${countDiagnostics(diagnostics)}\n`;
}

/** A file without errors is proved, as `up` does before anything else. */
async function examineProof(
  loaded: LoadedBottle,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly source: LoadedBottle['source'] }> {
  const { source, warnings } = loaded;
  const home = homeFor({ ...process.env, XDG_STATE_HOME: '/nonexistent' }, 1);
  try {
    await provePromises(home, { ...loaded, source: () => Promise.resolve(source), reading: undefined });
    return { diagnostics: warnings, source };
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}
