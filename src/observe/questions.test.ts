import { describe, expect, test } from 'vitest';
import { formatAddress } from '../address/format.ts';
import { network, node, nodes, promise, within } from './network.fixture.ts';
import { exchangeName, type Question } from './question.ts';
import { questionsOf } from './questions.ts';

const alice = node('alice', { hub: ['10.4.0.10', 'fd00:4::10'] });
const jump = node('jump', { shr: ['10.3.0.10', 'fd00:3::10'] }, { listens: ['tcp/22'] });
const edge = node('edge', { internet: ['198.51.100.2'], dmz: ['10.1.0.1'], hub: ['10.4.0.1'] }, { kind: 'router' });
const old = node('old', { shr: ['10.3.0.20'] });
const young = node('young', { shr: ['fd00:3::30'] });
const corp = network([alice, jump, edge, old, young]);

/** `alice 10.3.0.10 tcp/22 answer` */
const lines = ({ asks }: Question): readonly string[] =>
  asks.map(({ probe, expected }) => `${probe.from} ${formatAddress(probe.to)} ${exchangeName(probe)} ${expected}`);
const ask = (...args: Parameters<typeof promise>): Question => {
  const [question] = questionsOf(corp, [promise(...args)]);
  if (question === undefined) throw new Error('no question');
  return question;
};
const hub = nodes('hub', ['alice']);

describe('which addresses are asked', () => {
  test('one of each family that both have', () => {
    expect(lines(ask(hub, nodes('jump', ['jump']), 'at-least', 'tcp/22'))).toEqual([
      'alice 10.3.0.10 tcp/22 answer',
      'alice fd00:3::10 tcp/22 answer',
    ]);
    expect(lines(ask(hub, nodes('old', ['old']), 'at-least', 'icmp'))).toEqual(['alice 10.3.0.20 ping answer']);
  });

  test('nodes without a family in common are told apart', () => {
    const question = ask(nodes('old', ['old']), nodes('young', ['young']), 'at-least', 'icmp');
    expect(question.asks).toEqual([]);
    expect(question.apart).toEqual([{ from: 'old', to: 'young' }]);
  });

  test("a target's address in a segment that both share, else its first", () => {
    expect(lines(ask(hub, nodes('edge', ['edge']), 'at-least', 'icmp'))).toEqual(['alice 10.4.0.1 ping answer']);
    expect(lines(ask(nodes('old', ['old']), nodes('edge', ['edge']), 'at-least', 'icmp'))).toEqual(['old 198.51.100.2 ping answer']);
  });

  test('only those in the segment that the file names', () => {
    expect(lines(ask(hub, nodes('dmz', ['edge'], 'dmz'), 'at-least', 'icmp'))).toEqual(['alice 10.1.0.1 ping answer']);
  });

  test('all those in a prefix, to and from', () => {
    expect(lines(ask(hub, within('10.0.0.0/8'), 'at-least', 'icmp'))).toEqual([
      'alice 10.3.0.10 ping answer',
      'alice 10.1.0.1 ping answer',
      'alice 10.4.0.1 ping answer',
      'alice 10.3.0.20 ping answer',
    ]);
    const question = ask(within('10.4.0.0/24'), nodes('jump', ['jump']), 'at-least', 'icmp');
    expect(question.asks.map(({ probe }) => `${probe.from} ${probe.source && formatAddress(probe.source)}`)).toEqual([
      'alice 10.4.0.10',
      'edge 10.4.0.1',
    ]);
  });

  test('a single address that no node has is asked without listening on it', () => {
    const question = ask(hub, within('203.0.113.7/32'), 'at-least', 'icmp');
    expect(question.asks.map(({ probe }) => probe)).toEqual([{ from: 'alice', to: { family: 4, value: 0xcb007107n }, protocol: 'icmp' }]);
  });

  test('any is every machine, and no node asks itself', () => {
    const question = ask({ kind: 'any' }, { kind: 'any' }, 'at-least', 'icmp');
    expect(new Set(question.asks.map(({ probe }) => probe.from))).toEqual(new Set(['alice', 'jump', 'old', 'young']));
    expect(question.asks.filter(({ probe }) => probe.from === probe.target)).toEqual([]);
    expect(question.pairs).toEqual({ measured: 12, total: 12 });
  });

  test.each([
    [{ kind: 'outside' } as const, hub, 'nothing can be sent from outside the bottle'],
    [hub, { kind: 'outside' } as const, 'what lies outside the bottle is not probed'],
    [within('203.0.113.0/24'), hub, 'nothing in the bottle has an address in 203.0.113.0/24 to send from'],
    [hub, within('203.0.113.0/24'), 'nothing in the bottle has an address in 203.0.113.0/24'],
    [hub, hub, 'there is no pair of two different nodes to measure'],
  ])('what cannot be measured says why (%#)', (from, to, reason) => {
    expect(ask(from, to, 'at-least', 'icmp').unmeasured).toBe(reason);
  });
});

describe('which services are asked', () => {
  const one = nodes('old', ['old']);
  const exchanges = (question: Question): readonly string[] =>
    question.asks.map(({ probe, expected }) => `${exchangeName(probe)} ${expected}`);

  test('the ends of a range', () => {
    expect(exchanges(ask(hub, one, 'at-least', 'tcp/8000-8100'))).toEqual(['tcp/8000 answer', 'tcp/8100 answer']);
  });

  test('"only" tries the well-known and whatever the file names besides', () => {
    const bottle = network([alice, old, node('web', {}, { listens: ['tcp/3306'] })], [promise(hub, one, 'at-least', 'udp/514')]);
    const [question] = questionsOf(bottle, [promise(hub, one, 'only', 'tcp/80-90', 'icmp')]);
    expect(question && exchanges(question)).toEqual([
      ...['tcp/80 answer', 'tcp/90 answer', 'ping answer'],
      ...['tcp/22 silence', 'tcp/443 silence', 'udp/53 silence', 'tcp/3306 silence', 'udp/514 silence'],
    ]);
  });

  test('"nothing" tries all of them', () => {
    expect(exchanges(ask(hub, one, 'nothing'))).toEqual([
      'ping silence',
      'tcp/22 silence',
      'tcp/80 silence',
      'tcp/443 silence',
      'udp/53 silence',
    ]);
  });

  test('a file that names a thousand ports tries a spread of them', () => {
    const listens = Array.from({ length: 1000 }, (_, index) => `tcp/${10001 + index}`);
    const [question] = questionsOf(network([alice, old, node('web', {}, { listens })]), [promise(hub, one, 'nothing')]);
    expect(question?.asks.length).toBe(32);
    expect(question?.asks.map(({ probe }) => probe.port)).toContain(22);
  });
});

describe('too many pairs', () => {
  const many = (name: string, length: number) =>
    Array.from({ length }, (_, index) => node(`${name}${index}`, { lan: [`10.${index >> 8}.${index & 255}.1`] }));
  const names = (members: readonly { readonly name: string }[]): readonly string[] => members.map(({ name }) => name);

  test('a thousand to a thousand: a stated sample, with every source and every target', () => {
    const all = many('m', 1000);
    const group = nodes('all', names(all));
    const questions = questionsOf(network(all), [promise(group, group, 'at-least', 'icmp')]);
    const asks = questions[0]?.asks ?? [];
    expect(questions[0]?.pairs).toEqual({ measured: 2000, total: 999_000 });
    expect(new Set(asks.map(({ probe }) => probe.from)).size).toBe(1000);
    expect(new Set(asks.map(({ probe }) => probe.target)).size).toBe(1000);
    expect(new Set(asks.map(({ probe }) => `${probe.from} ${probe.target}`)).size).toBe(2000);
    expect(questionsOf(network(all), [promise(group, group, 'at-least', 'icmp')])).toEqual(questions);
  });

  test('fewer than there are sources: the few targets still all come up', () => {
    const [clients, servers] = [many('c', 500), many('s', 7)];
    const [question] = questionsOf(
      network([...clients, ...servers]),
      [promise(nodes('c', names(clients)), nodes('s', names(servers)), 'at-least', 'icmp')],
      { pairs: 50 },
    );
    expect(question?.pairs).toEqual({ measured: 50, total: 3500 });
    expect(new Set(question?.asks.map(({ probe }) => probe.from)).size).toBe(50);
    expect(new Set(question?.asks.map(({ probe }) => probe.target)).size).toBe(7);
  });

  test('a limit on probes limits pairs, down to a single one asked in full', () => {
    const all = many('m', 20);
    const group = nodes('all', names(all));
    const [question] = questionsOf(network(all), [promise(group, group, 'nothing')], { probes: 1 });
    expect(question?.pairs).toEqual({ measured: 1, total: 380 });
    expect(question?.asks.length).toBe(5);
  });
});
