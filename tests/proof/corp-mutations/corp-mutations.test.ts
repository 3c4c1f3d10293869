/** Whoever changes one thing in what a file compiles to is noticed. The long form is `npm run mutate:corp`. */
import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

test.each([
  ['router-lab', 8],
  ['rings', 40],
  ['corp', 80],
] as const)(
  'what is changed in the rules, sets, routes and NAT of %s is noticed, wherever a packet could',
  { timeout: 600_000 },
  async (example, step) => {
    const { mutants, counts, missed } = await campaign(example, { which: (_, place) => place % step === 3, packets: 100 });
    expect(missed).toEqual([]);
    const noticed = [...counts.values()].map((findings) => (findings.get('promise broken') ?? 0) + (findings.get('opened or closed') ?? 0));
    expect(noticed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(mutants / 4);
  },
);

test.each([
  [
    'sources that are asked for after what is established is let pass: forged packets of connections get in',
    'router-lab',
    'rule moved: router-lab.router forward rule 1',
    /of connections: opened: router-lab\.router, IPv4, forward left>left, established/,
  ],
  [
    'a source that nobody has, and that could be',
    'router-lab',
    'set element altered: router-lab.router turned-back-ip element ["left"',
    /opened or closed: closed: router-lab\.boxa, with any source, IPv4: 172\.16\.100\./,
  ],
  [
    'what is out of its window, and is no longer dropped',
    'router-lab',
    'set element removed: router-lab.router input rule 5',
    /of connections: opened: router-lab\.router, IPv4, input left>, invalid: 172\.16\.100\./,
  ],
  [
    'what is dropped without a word, and was refused',
    'rings',
    'set element removed: rings.inner forward-reject-ip-from-to-port-1 element [{"prefix":"10.1.0.0","length":24},{"prefix":"10.2.0.0","length":24},"tcp",80]',
    /told otherwise: no longer refused: rings\.inner, IPv4, forward front>\w+, tcp reset: 10\.1\.0\./,
  ],
  [
    'neighbours that are not found any more',
    'router-lab',
    'rule removed: router-lab.router input rule 2',
    /of connections: closed: router-lab\.router, IPv6, input left>, neighbour discovery/,
  ],
  [
    'what a router sends to its own forwarded port',
    'router-lab',
    'rule removed: router-lab.router forwards-local rule 1',
    /of connections: opened: router-lab\.router to itself, comes to router-lab\.router, IPv4: .* to 8800/,
  ],
] as const)('%s', { timeout: 600_000 }, async (_what, file, change, expected) => {
  const lines: string[] = [];
  await campaign(file, {
    which: ({ kind, what }) => `${kind}: ${what}`.startsWith(change),
    packets: 0,
    report: (line) => lines.push(line),
  });
  expect(lines.join('\n')).toMatch(expected);
});
