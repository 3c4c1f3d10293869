import { expect, test } from 'vitest';
import { failChange, failUp } from './faults.ts';
import { withSmall } from './subject.ts';

/** Of about a hundred each; `npm run faults` tries all. */
const places = 30;

test('a first up that fails, before whatever change, leaves the host as it was', { timeout: 600_000 }, () =>
  withSmall(async (subject) => {
    expect(await failUp(subject, { places })).toEqual([]);
  }),
);

test('a changing up that fails, before whatever change, leaves the bottle as it was', { timeout: 600_000 }, () =>
  withSmall(async (subject) => {
    expect(await failChange(subject, { places })).toEqual([]);
  }),
);
