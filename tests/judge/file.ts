/** Bottle files as data that is changed here and there. */
import { resolve } from '../../src/network/resolve.ts';
import { parseBottle } from '../../src/spec/load.ts';
import type { BottleFile } from '../../src/spec/schema/bottle.ts';

export type Tree = Record<string, unknown>;
export type File = Tree & { readonly name: string };

export type Section = Record<string, Tree>;

/** What a text has to be for the front end to have nothing against it. */
export function readFile(file: File) {
  const parsed = parseBottle(JSON.stringify(file), 'bottle.yaml');
  if (parsed.file === undefined || parsed.diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  const network = resolve(parsed.file).network;
  return network === undefined ? undefined : { file: parsed.file satisfies BottleFile, network };
}
