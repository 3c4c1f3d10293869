import { describe, expect, test } from 'vitest';
import type { Expectation } from '../network/expectation.ts';
import { at, network, node, nodes, promise } from './network.fixture.ts';
import type { Outcome } from './probe/probe.ts';
import { questionsOf } from './questions.ts';
import { type Verdict, verdictsOf } from './verdict.ts';
import { verdictTable } from './verdict-table.ts';

const bob = node('bob', { hub: ['10.4.0.10', 'fd00:4::10'] });
const jump = node('jump', { shr: ['10.3.0.10', 'fd00:3::10'] });
const edge = node('edge', { hub: ['10.4.0.1'], shr: ['10.3.0.1'] }, { kind: 'router' });
const corp = network([bob, jump, edge]);
const milliseconds = 2;
const answered: Outcome = { kind: 'answered', milliseconds };
const silent: Outcome = { kind: 'timed-out' };

function judge(mode: Expectation['mode'], services: readonly string[], outcome: (index: number) => Outcome): Verdict {
  const questions = questionsOf(corp, [promise(nodes('hub', ['bob']), nodes('jump', ['jump']), mode, ...services)]);
  const [verdict] = verdictsOf(
    corp,
    questions,
    questions.map(({ asks }) => asks.map((_, index) => outcome(index))),
  );
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

describe('a promise of at least', () => {
  test('holds when both families are answered', () => {
    const verdict = judge('at-least', ['tcp/22'], () => answered);
    expect(verdict).toMatchObject({
      state: 'held',
      failures: [],
      slowest: 2,
      families: { 4: { asked: 1, kept: 1 }, 6: { asked: 1, kept: 1 } },
    });
  });

  test('is broken by one family, and says which', () => {
    const verdict = judge('at-least', ['tcp/22'], (index) => (index === 0 ? answered : silent));
    expect(verdict).toMatchObject({ state: 'broken', families: { 4: { kept: 1 }, 6: { kept: 0 } } });
    expect(verdict.failures.map(({ text }) => text)).toEqual(['bob -> jump (fd00:3::10) tcp/22: timed out']);
  });

  test('holds when a datagram arrived at a program that says nothing', () => {
    expect(judge('at-least', ['udp/514'], () => ({ kind: 'delivered', milliseconds })).state).toBe('held');
  });

  const by = at('10.4.0.1');
  test.each<[Outcome, string]>([
    [{ kind: 'refused', how: 'reset', milliseconds }, 'refused by jump'],
    [
      { kind: 'refused', how: 'reset', filtered: true, milliseconds },
      'refused in the name of jump (TCP reset), though jump listens: a filter or NAT on the way',
    ],
    [{ kind: 'refused', how: 'port-unreachable', by, milliseconds }, 'refused by edge (10.4.0.1)'],
    [{ kind: 'unreachable', reason: 'no-route', by, milliseconds }, 'no route, says edge (10.4.0.1)'],
    [{ kind: 'unreachable', reason: 'admin-prohibited', by: at('192.0.2.1'), milliseconds }, 'prohibited by a filter, says 192.0.2.1'],
    [{ kind: 'unreachable', reason: 'host-unreachable', milliseconds }, 'host unreachable'],
    [{ kind: 'too-big', mtu: 1300, by, milliseconds }, 'packet too big for an MTU of 1300, says edge (10.4.0.1)'],
    [{ kind: 'no-route', code: 'ENETUNREACH' }, 'bob has no route to 10.3.0.10 (ENETUNREACH)'],
    [{ kind: 'filtered-at-source' }, 'dropped by the filter of bob itself'],
    [{ kind: 'no-answer' }, 'sent, no answer'],
    [{ kind: 'failed', message: 'socket: EMFILE' }, 'not measured: socket: EMFILE'],
  ])('says how it failed (%#)', (outcome, text) => {
    const verdict = judge('at-least', ['tcp/22'], (index) => (index === 0 ? outcome : answered));
    expect(verdict.failures.map((failure) => failure.text)).toEqual([`bob -> jump (10.3.0.10) tcp/22: ${text}`]);
  });
});

describe('a promise of nothing else', () => {
  test('holds when the rest is silent, refused or unreachable', () => {
    const outcomes: readonly Outcome[] = [
      silent,
      { kind: 'refused', how: 'reset', milliseconds },
      { kind: 'no-route', code: 'ENETUNREACH' },
    ];
    expect(judge('nothing', [], (index) => outcomes[index % 3] ?? silent).state).toBe('held');
  });

  test('is broken by an answer or an arrival', () => {
    const verdict = judge('only', ['icmp'], (index) => (index < 2 ? answered : index === 4 ? { kind: 'delivered', milliseconds } : silent));
    expect(verdict.failures.map(({ text }) => text)).toEqual([
      'bob -> jump (10.3.0.10) tcp/22: answered, but should not',
      'bob -> jump (10.3.0.10) udp/53: arrived, but should not',
      'bob -> jump (fd00:3::10) ping: timed out',
    ]);
  });

  test('is not proved by what could not be tried', () => {
    expect(judge('nothing', [], () => ({ kind: 'failed', message: 'socket: EMFILE' })).state).toBe('broken');
  });
});

test('nodes without a family in common break a promise of something and keep one of nothing', () => {
  const bottle = network([node('old', { lan: ['10.0.0.1'] }), node('young', { lan: ['fd00::1'] })]);
  const ends = [nodes('old', ['old']), nodes('young', ['young'])] as const;
  const questions = questionsOf(bottle, [promise(...ends, 'at-least', 'icmp'), promise(...ends, 'nothing')]);
  const [least, nothing] = verdictsOf(bottle, questions, [[], []]);
  expect(least).toMatchObject({ state: 'broken', failures: [{ text: 'old -> young: no address family in common' }] });
  expect(nothing?.state).toBe('held');
});

test('of packets that are lost for their size it is said which size is not, and where they were seen last', () => {
  const lost = (more: Partial<Extract<Outcome, { kind: 'timed-out' }>>): string | undefined =>
    judge('at-least', ['icmp'], (index) => (index === 0 ? { kind: 'timed-out', size: 1450, ...more } : answered)).failures[0]?.text;
  const all = 'bob -> jump (10.3.0.10) ping: packets of 1450 bytes are lost on the way, and nobody is told';
  expect(lost({})).toBe(all);
  expect(lost({ fits: 1350 })).toBe(`${all}; 1350 bytes come through`);
  expect(lost({ fits: 1350, lastSeen: { at: 'shr', by: 'jump', way: 'in', answer: true } })).toBe(
    `${all}; 1350 bytes come through; the answers were last seen when they came from jump into shr`,
  );
  expect(lost({ lastSeen: { at: 'edge', by: 'shr', way: 'out', answer: false } })).toBe(
    `${all}; they were last seen when they left edge for shr`,
  );
});

test('the table has a row for each promise, with what failed below it', () => {
  const broken = judge('at-least', ['tcp/22'], () => silent);
  const [unmeasured] = verdictsOf(corp, questionsOf(corp, [promise(nodes('hub', ['bob']), { kind: 'outside' }, 'at-least', 'icmp')]), [[]]);
  const { columns, rows } = verdictTable(unmeasured === undefined ? [broken] : [broken, unmeasured], 1);
  expect(columns.map(({ title }) => title)).toEqual(['Promise', 'Result', 'Kept', 'IPv4', 'IPv6', 'Pairs', 'Slowest']);
  expect(rows).toEqual([
    {
      ...{ promise: 'hub -> jump', result: 'broken', kept: '0 of 2', ipv4: '0 of 1', ipv6: '0 of 1', pairs: '1', slowest: '' },
      details: ['bob -> jump (10.3.0.10) tcp/22: timed out', 'and 1 more'],
    },
    {
      ...{ promise: 'hub -> outside', result: 'not measured', kept: '', ipv4: '', ipv6: '', pairs: '0', slowest: '' },
      details: ['what lies outside the bottle is not probed'],
    },
  ]);
});
