/** Files in a bottle's state directory that its processes see as their own. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Backend, Making, Observed } from '../../plan/backend.ts';
import type { Resource } from '../../resource/kinds.ts';
import { bottleDirectory, type Home } from '../home.ts';

/** All paths of files begin with it, so that what is no longer wanted can be found. */
const DIRECTORY = 'files';

export function filesBackend(home: Home): Backend {
  const pathOf = (bottle: string, path: string): string => join(bottleDirectory(home, bottle), path);
  return {
    name: 'files',
    kinds: new Set(['file'] as const),
    read: async (bottle) => read(pathOf(bottle, DIRECTORY)),
    remove: async (bottle, resources) => remove(resources, (path) => pathOf(bottle, path), pathOf(bottle, DIRECTORY)),
    make: async (bottle, makings) => make(makings, (path) => pathOf(bottle, path)),
  };
}

function read(directory: string): Observed {
  if (!existsSync(directory)) return { resources: [], taken: [] };
  const resources = readdirSync(directory).map(
    (name) => ({ kind: 'file', origin: [], path: `${DIRECTORY}/${name}`, content: readFileSync(`${directory}/${name}`, 'utf8') }) as const,
  );
  return { resources, taken: [] };
}

function make(makings: readonly Making[], pathOf: (path: string) => string): void {
  for (const { after } of makings) {
    if (after.kind !== 'file') continue;
    const path = pathOf(after.path);
    mkdirSync(dirname(path), { recursive: true });
    overwrite(path, after.content);
  }
}

/**
 * In place: processes have the file itself mounted, and would not see another one put there under its name. Who reads
 * meanwhile finds the old text or the new, perhaps with empty lines, but no file that is empty or cut.
 */
function overwrite(path: string, text: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o644);
  try {
    const content = Buffer.from(text);
    const filling = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - content.length), '\n');
    const whole = Buffer.concat([content, filling]);
    for (let at = 0; at < whole.length; ) at += writeSync(descriptor, whole, at, whole.length - at, at);
    ftruncateSync(descriptor, content.length);
  } finally {
    closeSync(descriptor);
  }
}

function remove(resources: readonly Resource[], pathOf: (path: string) => string, directory: string): void {
  for (const resource of resources) if (resource.kind === 'file') rmSync(pathOf(resource.path), { force: true });
  if (existsSync(directory) && readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}
