import type { Observed } from '../plan/backend.ts';
import type { Part } from '../plan/part.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Context } from './context.ts';

/** What the host holds of a bottle, or of a part of it, from everyone who can tell. */
export async function observe(context: Context, bottle: string, wanted: readonly Resource[], part?: Part): Promise<Observed> {
  const all: Observed[] = [];
  for (const backend of context.backends) {
    if (part?.get(backend.name)?.size !== 0 && (part === undefined || part.has(backend.name)))
      all.push(await backend.read(bottle, wanted, part?.get(backend.name)));
  }
  return { resources: all.flatMap(({ resources }) => resources), taken: all.flatMap(({ taken }) => taken) };
}
