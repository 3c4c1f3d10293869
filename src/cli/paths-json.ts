import type { LostAnswer } from '../engine/prove/lost-answer.ts';
import type { Paths } from '../engine/prove/paths.ts';
import type { Places } from './places.ts';

type Json = Readonly<Record<string, unknown>>;

/** The same in `-o json`, with the places in the file. */
export const pathsJson = ({ holes, trips, undecided }: Paths, places: Places): Json => ({
  holes: holes.map(({ of, what, why, example, origin, because }) => {
    const own = origin ?? (because === undefined ? undefined : places.originOf(because));
    return { at: of, what, why, example, ...(own !== undefined && { origin: own, place: places.locate(own) }) };
  }),
  trips: trips.map(({ lost, ...trip }) => ({ ...trip, ...(lost !== undefined && { lost: lostJson(lost, places) }) })),
  undecided,
});

/** Where an answer is lost, with the line that says so. */
export const lostJson = ({ at, what, because }: LostAnswer, places?: Places): Json => ({
  at,
  what,
  ...(because !== undefined && places !== undefined && { origin: places.originOf(because), place: places.placeOf(because) }),
});
