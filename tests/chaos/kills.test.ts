import { expect, test } from 'vitest';
import { killAt } from './kills.ts';
import { withSmall } from './subject.ts';

test.each(['up', 'down', 'change'] as const)(
  'a command killed during %s, wherever, is finished or undone by the next',
  { timeout: 300_000 },
  (over) =>
    withSmall(async (subject) => {
      expect(await killAt(subject, over, 12, 1)).toEqual([]);
    }),
);
