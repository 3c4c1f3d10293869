import { isAbsolute, relative } from 'node:path';

/** A file in this directory or below it is called as it would be typed here; any other by its absolute path. */
export function pathFromHere(path: string, directory = process.cwd()): string {
  const short = relative(directory, path);
  return short === '..' || short.startsWith('../') || isAbsolute(short) || short === '' ? path : short;
}
