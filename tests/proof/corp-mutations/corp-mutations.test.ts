import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

test.each([
  ['router-lab', 8],
  ['corp', 80],
])(
  'what is changed in the rules, sets, routes and NAT of %s is noticed, wherever a packet could',
  { timeout: 300_000 },
  async (example, step) => {
    const { mutants, counts, missed } = await campaign(example, { step, first: 3, packets: 100 });
    expect(missed).toEqual([]);
    const noticed = [...counts.values()].map((findings) => (findings.get('promise broken') ?? 0) + (findings.get('opened or closed') ?? 0));
    expect(noticed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(mutants / 4);
  },
);
