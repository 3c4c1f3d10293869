import { expect, test } from 'vitest';
import type { Field } from '../../resource/ruleset/field.ts';
import type { Value } from '../../resource/ruleset/value.ts';
import type { Node } from './diagram.ts';
import { layoutOf } from './layout.ts';
import { PacketSets } from './packet-sets.ts';
import { intersection, union } from './stretches.ts';
import { wordsOf } from './words.ts';

const sets = new PacketSets(layoutOf({ fields: ['ether saddr', 'ip6 hoplimit'], names: ['lan', 'wan'] }), 'inet');
const is = (field: Field, ...values: readonly Value[]): Node =>
  sets.among(
    [field],
    values.map((value) => [value]),
  );
const all = (...parts: readonly Node[]): Node => intersection(sets.diagram, parts);
const any = (...parts: readonly Node[]): Node => union(sets.diagram, parts);
const words = (set: Node): readonly string[] => wordsOf(sets, set, { lines: 3, values: 2 });

test('a set is told as rows of interfaces, prefixes, ranges and services', () => {
  const web = all(
    is('iifname', 'lan'),
    is('ip saddr', { prefix: '10.1.0.0', length: 24 }),
    is('ip daddr', { from: '10.2.0.1', to: '10.2.0.6' }),
    is('tcp dport', 80, 443),
    is('ct state', 'new'),
  );
  expect(words(web)).toEqual(['new, lan → any, 10.1.0.0/24 → 10.2.0.1-10.2.0.6, tcp/80, 443']);
  expect(words(all(is('ip6 saddr', 'fd00::1'), is('icmpv6 type', 'echo-request'), is('ip6 hoplimit', 255)))).toEqual([
    'fd00::1 → any, icmp echo-request, ip6 hoplimit 255',
  ]);
});

test('what holds for both families is said once', () => {
  expect(words(all(is('th dport', 53), is('meta l4proto', 'tcp', 'udp')))).toEqual(['IPv4, IPv6, tcp, udp/53']);
  expect(words(sets.all)).toEqual(['IPv4', 'IPv6']);
  expect(words(0)).toEqual([]);
});

test('of many there are a few, and how many more there are', () => {
  const many = any(...[1, 2, 3, 4, 5].map((one) => all(is('ip daddr', `10.0.0.${one}`), is('tcp dport', one))));
  expect(words(many)).toEqual(['any → 10.0.0.1, tcp/1', 'any → 10.0.0.2, tcp/2', 'any → 10.0.0.3, tcp/3', 'and 2 more']);
  expect(words(is('tcp dport', 1, 3, 5, 7))).toEqual(['IPv4, IPv6, tcp/1, 3 and 2 more']);
});

test('a pattern of single bits, which is no few stretches, is cut short', () => {
  const [last] = [sets.layout.slot('source')].map(({ first, bits }) => first + bits - 1);
  expect(words(all(is('meta nfproto', 'ipv6'), sets.diagram.variable(last ?? 0)))).toEqual(['::1, ::3 and more → any']);
});

test('packets are counted by what they have: addresses of IPv4 are 32 bits, and only what has ports differs in them', () => {
  const states = 5n;
  const interfaces = 4n * 4n;
  const macs = 1n << 48n;
  const perPacket = states * interfaces * macs;
  expect(sets.count(all(is('ip saddr', '10.0.0.1'), is('ip daddr', '10.0.0.2'), is('tcp dport', 80)))).toBe(perPacket * (1n << 16n));
  const fragments = sets.diagram.diff(
    all(is('ip saddr', '10.0.0.1'), is('ip daddr', '10.0.0.2'), is('ip protocol', 'tcp')),
    sets.having(['th dport']),
  );
  expect(sets.count(fragments)).toBe(perPacket);
});
