import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import type { RecalledBottle } from '../engine/load.ts';
import type { Plan } from '../plan/plan.ts';

/** Where in the file the things that change stand. Where nothing does nobody asks, and the file need not be read for it. */
export async function placesIn(loaded: Pick<RecalledBottle, 'source'>, { changes }: Plan): Promise<(origin: Origin) => Place | undefined> {
  if (changes.length === 0) return () => undefined;
  const source = await loaded.source();
  return (origin) => source.locate(origin, 'key');
}
