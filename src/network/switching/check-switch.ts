import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Names } from '../names.ts';
import type { Report } from '../report.ts';

/** Whether the file has a switch of this name. */
export function checkSwitch(text: string, origin: Origin, at: 'key' | 'value', names: Names, report: Report): boolean {
  if (names.switches.has(text)) return true;
  report.error('unknown-switch', origin, `there is no switch \`${text}\``, {
    at,
    remedy: names.didYouMean(text, names.switches, 'Describe it under `switches:`.'),
  });
  return false;
}
