import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inScratch } from '../../src/backend/kernel/namespace.ts';
import { nft } from '../../src/backend/nftables/libnftables.ts';
import { readTable } from '../../src/backend/nftables/listing.ts';
import { exchange, transition } from '../../src/backend/nftables/transaction.ts';
import { rulesetDifferences } from '../../src/resource/ruleset/ruleset-differences.ts';
import { counter, match, matchSet, verdict } from '../../src/resource/ruleset/statement.ts';
import type { Table } from '../../src/resource/table.ts';
import { tables } from './tables.ts';

const families = ['inet', 'ip', 'ip6', 'bridge'] as const satisfies readonly Table['family'][];

/** The same with some rules and elements left out. */
const less = (table: Table): fc.Arbitrary<Table> =>
  fc.infiniteStream(fc.boolean()).map((coins) => {
    const keep = (): boolean => coins.next().value === true;
    const sets = table.sets.map((set) => ({ ...set, elements: (set.elements as readonly unknown[]).filter(keep) }) as typeof set);
    return { ...table, sets, chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.filter(keep) })) };
  });

const pairs = (family: Table['family']): fc.Arbitrary<readonly [Table, Table]> =>
  fc.oneof(
    fc.tuple(tables(family), tables(family)),
    tables(family).chain((table) => less(table).chain((one) => less(table).map((other) => [one, other] as const))),
  );

/** In how many of them it took no exchange of the whole table. */
test.each(families)('a table of family %s becomes any other by what differs alone', (family) => {
  inScratch(() => {
    fc.assert(
      fc.property(pairs(family), ([before, after]) => {
        nft(exchange(before, 'netbottle:lab'));
        const steps = transition({ ...before, ...readTable(family, before.name) }, after);
        if (steps !== undefined) nft(steps);
        else nft(exchange(after, 'netbottle:lab'));
        expect(rulesetDifferences({ ...after, ...readTable(family, after.name) }, after)).toEqual([]);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 100) },
    );
  });
});

const small: Table = {
  kind: 'table',
  origin: [],
  namespace: '@host',
  family: 'inet',
  name: 'netbottle',
  sets: [
    {
      kind: 'set',
      name: 'web',
      types: ['ipv4_addr'],
      interval: true,
      counter: true,
      elements: [
        { key: ['127.0.0.1'], comment: 'kept' },
        { key: ['10.0.0.1'], comment: 'gone' },
      ],
    },
  ],
  chains: [
    {
      name: 'output',
      hook: { type: 'filter', hook: 'output', priority: 0, policy: 'accept' },
      rules: [{ statements: [matchSet(['ip daddr'], 'web'), counter, verdict('accept')], comment: 'kept' }],
    },
    { name: 'other', rules: [{ statements: [match('tcp dport', 80), verdict('drop')], comment: 'changed' }] },
  ],
};

test('what does not differ is not touched', () => {
  const [set, output, other] = [small.sets[0], small.chains[0], small.chains[1]];
  if (set?.kind !== 'set' || output === undefined || other === undefined) throw new Error('small has them');
  const after: Table = {
    ...small,
    sets: [{ ...set, elements: [...set.elements.slice(0, 1), { key: [{ prefix: '10.1.0.0', length: 16 }], comment: 'come' }] }],
    chains: [output, { ...other, rules: [{ statements: [match('tcp dport', 81), verdict('drop')], comment: 'changed' }] }],
  };
  expect(transition(small, after)?.split('\n')).toEqual([
    'flush chain inet netbottle other',
    'delete element inet netbottle web { 10.0.0.1 }',
    'add element inet netbottle web { 10.1.0.0/16 comment "come" }',
    'add rule inet netbottle other tcp dport 81 drop comment "changed"',
  ]);
  expect(rulesetDifferences(small, after).map(({ field, before, after: wanted }) => `${field}: ${before}, ${wanted}`)).toEqual([
    'rule changed in chain other: changed, as the file says',
    'element 10.0.0.1 (gone) of set web: there, gone',
    'element 10.1.0.0/16 (come) of set web: missing, there',
  ]);
  expect(transition(after, after)).toBe('');
});
