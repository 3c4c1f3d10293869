import { expect, test } from 'vitest';
import { campaign, disagreementText } from './campaign.ts';

test('what becomes of packets in random networks is what the evaluator says', { timeout: 300_000 }, async () => {
  const { packets, disagreements } = await campaign({ count: 3, firstSeed: 1, limit: 60 });
  expect(disagreements.map(disagreementText)).toEqual([]);
  expect(packets).toBeGreaterThan(100);
});
