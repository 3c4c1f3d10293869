import { describe, expect, test } from 'vitest';
import { parseAddress } from '../address/parse.ts';
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import type { NamedSet } from '../resource/ruleset/named-set.ts';
import { match, matchNot, matchSet, type Statement, verdict } from '../resource/ruleset/statement.ts';
import type { Table } from '../resource/table.ts';
import { TableEvaluator } from './evaluate.ts';
import { type Packet, viewOf } from './packet.ts';

const at = (text: string) => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};
const packet = (change: Partial<Packet> = {}): Packet => ({
  family: 4,
  source: at('10.1.0.10'),
  destination: at('10.2.0.10'),
  protocol: 6,
  sourcePort: 40000,
  destinationPort: 80,
  inDevice: 'left',
  outDevice: 'right',
  state: 'new',
  dnat: false,
  local: false,
  ...change,
});
const rule = (...statements: readonly Statement[]): Rule => ({ statements, comment: '' });
const forward = (rules: readonly Rule[], policy: 'accept' | 'drop' = 'drop'): Chain => ({
  name: 'forward',
  hook: { type: 'filter', hook: 'forward', priority: 0, policy },
  rules,
});
const decide = (chains: readonly Chain[], sets: readonly NamedSet[] = [], one: Packet = packet()): string => {
  const table: Table = { kind: 'table', origin: [], namespace: 'r', family: 'inet', name: 't', chains, sets };
  const [base] = chains;
  if (base === undefined) throw new Error('no chain');
  return new TableEvaluator(table).decide(base, viewOf(one)).verdict;
};

describe('a base chain', () => {
  test('without a rule that decides leaves it to its policy', () => {
    expect(decide([forward([rule(match('tcp dport', 22), verdict('accept'))])])).toBe('drop');
    expect(decide([forward([rule(match('tcp dport', 22), verdict('drop'))], 'accept')])).toBe('accept');
  });

  test('decides by its first rule that does', () => {
    expect(decide([forward([rule(match('tcp dport', 80), verdict('accept')), rule(verdict('drop'))])])).toBe('accept');
  });
});

describe('a match', () => {
  test('on a field that the packet lacks never holds, not even when negated', () => {
    expect(decide([forward([rule(matchNot('udp dport', 53), verdict('accept'))])])).toBe('drop');
    expect(decide([forward([rule(matchNot('ip6 saddr', '::1'), verdict('accept'))])])).toBe('drop');
  });

  test('on the name of an interface finds an empty one where there is none', () => {
    const { outDevice: _none, ...incoming } = packet();
    expect(decide([forward([rule(matchNot('oifname', 'right'), verdict('accept'))])], [], incoming)).toBe('accept');
    expect(decide([forward([rule(match('oifname', 'right'), verdict('accept'))])], [], incoming)).toBe('drop');
  });

  test('on what is kept of connections never holds for a packet of none', () => {
    const isNot: Statement = { kind: 'match', fields: ['ct status'], operator: '!=', among: [['dnat']] };
    const verdicts = (['invalid', 'untracked', 'new'] as const).map((state) =>
      decide([forward([rule(isNot, verdict('accept'))])], [], packet({ state })),
    );
    expect(verdicts).toEqual(['drop', 'drop', 'accept']);
  });

  test('on a type of ICMP holds in its own family, and on ports reads the first bytes whatever they are', () => {
    const { sourcePort: _source, destinationPort: _destination, ...portless } = packet();
    const asks = (statement: Statement, one: Packet): string => decide([forward([rule(statement, verdict('accept'))])], [], one);
    const ping: Packet = { ...portless, protocol: 1, icmpType: 8 };
    expect(asks(match('icmp type', 'echo-request'), ping)).toBe('accept');
    expect(asks(match('icmp type', 'echo-request'), { ...ping, family: 6, source: at('fd00::1'), destination: at('fd00::2') })).toBe(
      'drop',
    );
    expect(asks(match('th sport', 0x0800), ping)).toBe('accept');
    expect(asks(match('th dport', 53), packet({ protocol: 136, destinationPort: 53 }))).toBe('accept');
  });

  test.each<[string, Statement]>([
    ['a prefix', match('ip saddr', { prefix: '10.1.0.0', length: 24 })],
    ['a range', match('tcp dport', { from: 79, to: 81 })],
    ['one of several', match('tcp dport', 22, 80)],
    ['a name', match('iifname', 'left')],
    ['a state', match('ct state', 'new')],
    ['a protocol', match('meta l4proto', 'tcp')],
  ])('holds for %s', (_what, statement) => {
    expect(decide([forward([rule(statement, verdict('accept'))])])).toBe('accept');
  });

  test('in a set takes its fields together', () => {
    const set: NamedSet = {
      kind: 'set',
      name: 's',
      types: ['ipv4_addr', 'inet_service'],
      interval: true,
      counter: false,
      elements: [
        {
          key: [
            { prefix: '10.2.0.0', length: 24 },
            { from: 80, to: 90 },
          ],
          comment: '',
        },
        { key: ['10.2.0.10', 443], comment: '' },
      ],
    };
    const chain = forward([rule(matchSet(['ip daddr', 'tcp dport'], 's'), verdict('accept'))]);
    const verdicts = [80, 91, 443].map((destinationPort) => decide([chain], [set], packet({ destinationPort })));
    expect(verdicts).toEqual(['accept', 'drop', 'accept']);
    expect(decide([chain], [set], packet({ destination: at('10.2.0.11'), destinationPort: 443 }))).toBe('drop');
  });
});

describe('chains that are jumped to', () => {
  const undecided: Chain = { name: 'sub', rules: [rule(match('tcp dport', 22), verdict('drop'))] };

  test('come back to the rule after a jump', () => {
    expect(decide([forward([rule(verdict({ jump: 'sub' })), rule(verdict('accept'))]), undecided])).toBe('accept');
  });

  test('do not come back from a goto: the policy decides', () => {
    expect(decide([forward([rule(verdict({ goto: 'sub' })), rule(verdict('accept'))]), undecided])).toBe('drop');
  });

  test('come back from a goto to where the jump before it was', () => {
    const between: Chain = { name: 'between', rules: [rule(verdict({ goto: 'sub' })), rule(verdict('drop'))] };
    expect(decide([forward([rule(verdict({ jump: 'between' })), rule(verdict('accept'))]), between, undecided])).toBe('accept');
  });

  test('return early', () => {
    const early: Chain = { name: 'sub', rules: [rule(verdict('return')), rule(verdict('drop'))] };
    expect(decide([forward([rule(verdict({ jump: 'sub' })), rule(verdict('accept'))]), early])).toBe('accept');
  });
});

test('a verdict map without the key goes on with the next statement', () => {
  const vmap: Statement = { kind: 'vmap', fields: ['ct state'], map: { entries: [[['invalid'], 'drop']] } };
  expect(decide([forward([rule(vmap), rule(verdict('accept'))])])).toBe('accept');
  expect(decide([forward([rule(vmap), rule(verdict('accept'))])], [], packet({ state: 'invalid' }))).toBe('drop');
});
