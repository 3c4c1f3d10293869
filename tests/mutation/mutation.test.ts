import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

test('no file makes the front end crash, hang or point outside the file', { timeout: 60_000 }, async () => {
  const { bad } = await campaign(300, 1);
  expect(bad).toEqual([]);
});
