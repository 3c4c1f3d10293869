import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inScratch } from '../../src/backend/kernel/namespace.ts';
import { readCounters } from '../../src/backend/nftables/counters.ts';
import { nft } from '../../src/backend/nftables/libnftables.ts';
import { readTable } from '../../src/backend/nftables/listing.ts';
import { exchange, transition } from '../../src/backend/nftables/transaction.ts';
import type { NamedSet } from '../../src/resource/ruleset/named-set.ts';
import { counter, match, type Statement, verdict } from '../../src/resource/ruleset/statement.ts';
import type { Table } from '../../src/resource/table.ts';

const lines: NamedSet = {
  kind: 'verdict-map',
  name: 'lines',
  types: ['ipv4_addr', 'inet_proto'],
  interval: true,
  counter: true,
  elements: [
    { key: [{ prefix: '127.0.0.0', length: 24 }, 'icmp'], comment: 'policy.a -> b', verdict: 'accept' },
    { key: ['127.0.1.1', 'icmp'], comment: 'policy.a -> c', verdict: 'drop' },
  ],
};

const lookup: Statement = { kind: 'vmap', fields: ['ip daddr', 'meta l4proto'], map: { name: 'lines' } };

const table: Table = {
  kind: 'table',
  origin: [],
  namespace: '@host',
  family: 'inet',
  name: 'netbottle',
  sets: [lines],
  chains: [
    {
      name: 'output',
      hook: { type: 'filter', hook: 'output', priority: 0, policy: 'accept' },
      rules: [
        { statements: [match('meta l4proto', 'icmp'), counter], comment: 'policy' },
        { statements: [lookup], comment: 'policy' },
      ],
    },
    { name: 'other', rules: [{ statements: [match('tcp dport', 80), counter, verdict('drop')], comment: 'policy.a -> d' }] },
  ],
};

const ping = (address: string): void =>
  void execFileSync('sh', ['-c', `ip link set lo up; ping -c 3 -i 0.01 -W 0.1 ${address} || :`], { stdio: 'ignore' });

test('rules and elements tell how many packets met them, and go on counting when others change', () => {
  inScratch(() => {
    nft(exchange(table, 'netbottle:lab'));
    ping('127.0.0.1');
    const counted = readCounters('inet', 'netbottle');
    // Requests and answers, of 84 bytes each.
    expect(counted).toEqual({
      rules: [
        { chain: 'output', comment: 'policy', packets: 6, bytes: 504 },
        { chain: 'other', comment: 'policy.a -> d', packets: 0, bytes: 0 },
      ],
      elements: [
        { set: 'lines', comment: 'policy.a -> b', packets: 6, bytes: 504 },
        { set: 'lines', comment: 'policy.a -> c', packets: 0, bytes: 0 },
      ],
    });
    const after: Table = {
      ...table,
      chains: table.chains.filter(({ name }) => name === 'output'),
      sets: [{ ...lines, elements: lines.elements.slice(0, 1) } as NamedSet],
    };
    nft(transition({ ...table, ...readTable('inet', 'netbottle') }, after) ?? 'fail');
    expect(readCounters('inet', 'netbottle')).toEqual({ rules: counted.rules.slice(0, 1), elements: counted.elements.slice(0, 1) });
  });
});
