import { type Dirent, readdirSync } from 'node:fs';
import { FILES } from './which.ts';

const KINDS = /\.(ya?ml|json|m?ts|m?js)$/;

/**
 * What may be meant by the beginning of a path: bottle files there, and in the directories there.
 *
 * Shells put a space after the only answer. So a directory is never an answer alone: what is in it is, too, and where nothing
 * is, it is left out.
 */
export function bottleFilesAt(word: string): readonly string[] {
  const parent = word.slice(0, word.lastIndexOf('/') + 1);
  const hidden = word.slice(parent.length).startsWith('.');
  const entries = entriesOf(parent === '' ? '.' : parent).filter(({ name }) => hidden || !name.startsWith('.'));
  return entries.flatMap((entry) => {
    const path = parent + entry.name;
    if (!entry.isDirectory()) return KINDS.test(entry.name) ? [path] : [];
    if (entry.name === 'node_modules') return [];
    const inside = entriesOf(path).filter(({ name }) => !name.startsWith('.'));
    const files = inside.filter((one) => !one.isDirectory() && FILES.includes(one.name)).map(({ name }) => `${path}/${name}`);
    const directories = inside.filter((one) => one.isDirectory()).map(({ name }) => `${path}/${name}/`);
    return directories.length > 0 ? [`${path}/`, ...files, ...directories] : files;
  });
}

/** None where there is no such directory; what may not be read has nothing to offer either. */
function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOTDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
