/** What leads nowhere, whose answers are lost, and what comes back another way: a line each. */
import type { Place } from '../diagnostic/diagnostic.ts';
import type { BlackHole } from '../engine/prove/black-holes.ts';
import { lostText } from '../engine/prove/lost-answer.ts';
import type { Paths } from '../engine/prove/paths.ts';
import type { ToldTrip } from '../engine/prove/round-trips.ts';
import { listedNames } from './listed-names.ts';
import type { Places } from './places.ts';
import type { Terminal } from './terminal.ts';

/** More than a person reads; `-o json` has all of it. */
const MOST_LINES = 200;

export function pathsText(colors: Terminal['colors'], { holes, trips, undecided }: Paths, places: Places): string {
  const lines = [
    ...holes.map((hole) => holeText(colors, hole, places)),
    ...trips.map((trip) => tripText(colors, trip, places)),
    ...undecided.map(({ at, to }) => `${colors.yellow('not followed')}: ${at} has several equally good ways to ${to}`),
  ];
  const left = lines.length - MOST_LINES;
  const more = left > 0 ? [`and ${left} more: ask for \`-o json\``] : [];
  if (lines.length === 0) return 'no route leads nowhere, no answer is lost, and all come back by the way that they are asked.';
  return [...lines.slice(0, MOST_LINES), ...more].join('\n');
}

function holeText(colors: Terminal['colors'], { of, what, why, example, origin, because }: BlackHole, places: Places): string {
  const place = placeText(origin !== undefined ? places.locate(origin) : because !== undefined ? places.placeOf(because) : undefined);
  const where = place === undefined ? '' : colors.dim(`${place}: `);
  return `${where}${colors.yellow('black hole')}: ${what} at ${of}: ${why} (${example})`;
}

function tripText(colors: Terminal['colors'], { from, to, services, there, back, lost }: ToldTrip, places: Places): string {
  const asked = `${listedNames(from)} -> ${listedNames(to)} ${services.join('; ')}`;
  const way = `there ${by(there)}`;
  if (lost === undefined) return `${colors.yellow('two ways')}: ${asked}: ${way}, back ${by(back)}`;
  const place = placeText(lost.because === undefined ? undefined : places.placeOf(lost.because));
  return `${colors.yellow(lostText(lost, place))}: ${asked}: ${way}${back.length === 0 ? '' : `, back ${by(back)}`}`;
}

const by = (names: readonly string[]): string => (names.length === 0 ? 'directly' : `by ${names.join(', ')}`);

const placeText = (place: Place | undefined): string | undefined => place && `${place.file}:${place.line}`;
