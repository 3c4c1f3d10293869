import type { Observed } from '../plan/backend.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Context } from './context.ts';

/** What the host holds of a bottle, from everyone who can tell. */
export async function observe(context: Context, bottle: string, wanted: readonly Resource[]): Promise<Observed> {
  const all: Observed[] = [];
  for (const backend of context.backends) all.push(await backend.read(bottle, wanted));
  return { resources: all.flatMap(({ resources }) => resources), taken: all.flatMap(({ taken }) => taken) };
}
