/** What a change opens and closes, a line each. */
import type { Place } from '../diagnostic/diagnostic.ts';
import type { Changes } from '../engine/prove/exposure.ts';
import type { Terminal } from './terminal.ts';

export function exposureText(
  colors: Terminal['colors'],
  { changes, more, unknown }: Changes,
  placeOf: (comment: string) => Place | undefined,
): string {
  if (unknown !== undefined) return `what it opens and closes cannot be said: ${unknown}`;
  if (changes.length === 0) return 'opens nothing and closes nothing between those that are there before and after.';
  const lines = changes.map(({ what, from, to, services, fromPorts, because }) => {
    const place = because === undefined ? undefined : placeOf(because);
    const where = because === undefined ? '' : `  ${because}${place === undefined ? '' : `  ${place.file}:${place.line}`}`;
    return `${(what === 'opens' ? colors.red : colors.green)(what)}: ${from} -> ${to} ${services}${fromPorts === undefined ? '' : ` from some ports ${fromPorts}`}${colors.dim(where)}`;
  });
  return [...lines, ...(more ? ['and more'] : [])].join('\n');
}
