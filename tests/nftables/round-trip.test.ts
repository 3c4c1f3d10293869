import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inScratch } from '../../src/backend/kernel/namespace.ts';
import { nft } from '../../src/backend/nftables/libnftables.ts';
import { readTable } from '../../src/backend/nftables/listing.ts';
import { tableText } from '../../src/backend/nftables/print-table.ts';
import { exchange, transition } from '../../src/backend/nftables/transaction.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { rulesetDifferences } from '../../src/resource/ruleset/ruleset-differences.ts';
import type { Table } from '../../src/resource/table.ts';
import { tables } from './tables.ts';

const families = ['inet', 'ip', 'ip6', 'bridge'] as const satisfies readonly Table['family'][];

test.each(families)('a table of family %s is read back as it was loaded', (family) => {
  inScratch(() => {
    fc.assert(
      fc.property(tables(family), (table) => {
        nft(`flush ruleset\n${tableText(table, 'netbottle:lab')}`);
        expect(rulesetDifferences({ ...table, ...readTable(family, table.name) }, table)).toEqual([]);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
    );
  });
});

const golden = join(import.meta.dirname, '../../src/compile/golden');

const compiled = readdirSync(golden)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(golden, file), 'utf8')) as Resource[])
  .filter((resource) => resource.kind === 'table');

test('so is what the compiler makes', () => {
  expect(compiled.length).toBeGreaterThan(0);
  for (const table of compiled) {
    inScratch(() => {
      nft(tableText(table, 'netbottle:lab'));
      expect(rulesetDifferences({ ...table, ...readTable(table.family, table.name) }, table)).toEqual([]);
    });
  }
});

test('what there are no words for is told, differs, and can be put back', () => {
  inScratch(() => {
    nft(`table inet netbottle {
      ct timeout slow {\n protocol tcp\n policy = { established : 100 }\n }
      set seen {\n type ipv4_addr\n flags dynamic,timeout\n timeout 1h\n }
      chain c {\n type filter hook input priority 0\n ip ttl 64 accept comment "a"\n update @seen { ip saddr }\n }
    }`);
    const empty: Table = { kind: 'table', origin: [], namespace: '@host', family: 'inet', name: 'netbottle', chains: [], sets: [] };
    const read: Table = { ...empty, ...readTable('inet', 'netbottle') };
    expect(read.chains[0]?.rules.map(({ unknown }) => unknown)).toEqual([undefined, 'update @seen { ip saddr }']);
    const { unknown: _, ...known } = read;
    expect(rulesetDifferences(read, known).map(({ field }) => field)).toEqual(['ct timeout slow {', 'set seen {']);
    expect(transition(read, read)).toBeUndefined();
    const listing = nft('list table inet netbottle');
    nft(exchange(read, ''));
    expect(nft('list table inet netbottle')).toContain(listing.split('\n').slice(1, -2).join('\n'));
  });
});
