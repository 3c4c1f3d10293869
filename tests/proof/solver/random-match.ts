/** Random matches over fields of their full width: values anywhere, and near one another. */
import fc from 'fast-check';
import { formatAddress } from '../../../src/address/format.ts';
import type { Family } from '../../../src/address/ip.ts';
import type { Field } from '../../../src/resource/ruleset/field.ts';
import type { NamedSet } from '../../../src/resource/ruleset/named-set.ts';
import type { Match } from '../../../src/resource/ruleset/statement.ts';
import type { Key, Value } from '../../../src/resource/ruleset/value.ts';

const address = (family: Family, near: readonly bigint[]): fc.Arbitrary<bigint> => {
  const bits = family === 4 ? 32n : 128n;
  return fc.oneof(
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: (1n << bits) - 1n }) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...near), fc.bigInt({ min: 0n, max: 300n })).map(([base, more]) => base + more) },
  );
};

function addresses(family: Family, near: readonly bigint[]): fc.Arbitrary<Value> {
  const bits = family === 4 ? 32 : 128;
  const text = (value: bigint): string => formatAddress({ family, value });
  const one = address(family, near);
  return fc.oneof(
    one.map(text),
    fc.tuple(one, fc.integer({ min: 0, max: bits })).map(([value, length]) => {
      const free = BigInt(bits - length);
      return { prefix: text((value >> free) << free), length };
    }),
    fc.tuple(one, one).map(([from, to]) => (from < to ? { from: text(from), to: text(to) } : { from: text(to), to: text(from) })),
  );
}

const numbers = (most: number, ...near: readonly number[]): fc.Arbitrary<Value> => {
  const one = fc.oneof(fc.integer({ min: 0, max: most }), fc.constantFrom(...near));
  return fc.oneof(
    one,
    fc.tuple(one, one).map(([from, to]) => ({ from: Math.min(from, to), to: Math.max(from, to) })),
  );
};

const v4 = addresses(4, [0n, 0x0a_00_00_00n, 0x0a_00_00_f0n, 0xc0_00_02_00n, 0xff_ff_fe_00n]);
const v6 = addresses(6, [0n, 0xfd00n << 112n, (0xfd00n << 112n) + 0xf0n, 0x2001_0db8n << 96n, (1n << 128n) - 301n]);
const port = numbers(65_535, 0, 22, 80, 443, 1023, 1024, 2047, 8080, 65_535);
const protocol = fc.constantFrom<Value>('tcp', 'udp', 'icmp', 'ipv6-icmp', 'esp', 'sctp');
const word = (...words: readonly string[]): fc.Arbitrary<Value> => fc.constantFrom<Value>(...words);

const plain: readonly (readonly [Field, fc.Arbitrary<Value>])[] = [
  ['ip saddr', v4],
  ['ip daddr', v4],
  ['ip6 saddr', v6],
  ['ip6 daddr', v6],
  ['th sport', port],
  ['th dport', port],
  ['tcp sport', port],
  ['tcp dport', port],
  ['udp sport', port],
  ['udp dport', port],
  ['meta l4proto', protocol],
  ['ip protocol', protocol],
  ['ip6 nexthdr', protocol],
  ['meta nfproto', word('ipv4', 'ipv6')],
  ['ct state', word('invalid', 'established', 'related', 'new', 'untracked')],
  ['ct direction', word('original', 'reply')],
  ['iifname', word('lan', 'wan')],
  ['oifname', word('lan', 'wan')],
  ['icmp type', word('echo-request', 'echo-reply', 'redirect')],
  ['icmpv6 type', word('echo-request', 'packet-too-big')],
  ['fib daddr type', word('local', 'unicast')],
  ['meta mark', numbers(0xffff_ffff, 0, 1, 7)],
  ['ct mark', numbers(0xffff_ffff, 0, 1, 7)],
  ['ip length', numbers(65_535, 20, 1500)],
  ['ip6 hoplimit', numbers(255, 1, 64, 255)],
  ['ether saddr', fc.bigInt({ min: 0n, max: 0xffff_ffff_ffffn }).map((value) => macText(value))],
];

const flags: readonly (readonly [Field, readonly string[]])[] = [
  ['ct status', ['snat', 'dnat']],
  ['tcp flags', ['fin', 'syn', 'rst', 'ack']],
];

export const formulaFields: readonly Field[] = [...plain.map(([field]) => field), ...flags.map(([field]) => field)];
export const interfaceNames = ['lan', 'wan'] as const;

const macText = (value: bigint): string => (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');

interface Drawn {
  readonly kind: 'match';
  readonly match: Match;
  readonly sets: readonly NamedSet[];
}

export const matches: fc.Arbitrary<Drawn> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.shuffledSubarray([...plain], { minLength: 1, maxLength: 3 }).chain((chosen) =>
      fc
        .record({
          operator: fc.constantFrom<Match['operator']>('==', '!='),
          keys: fc.array(fc.tuple(...chosen.map(([, values]) => values)), { minLength: 1, maxLength: 4 }),
          named: fc.boolean(),
        })
        .map(({ operator, keys, named }) => {
          const fields = chosen.map(([field]) => field);
          return named
            ? inSet(fields, operator, keys)
            : { kind: 'match' as const, match: { kind: 'match' as const, fields, operator, among: keys }, sets: [] };
        }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...flags).chain(([field, words]) =>
      fc.subarray([...words], { minLength: 1 }).map((chosen) => ({
        kind: 'match' as const,
        match: { kind: 'match' as const, fields: [field], operator: 'in' as const, among: chosen.map((one) => [one]) },
        sets: [],
      })),
    ),
  },
);

function inSet(fields: readonly Field[], operator: Match['operator'], keys: readonly Key[]): Drawn {
  const name = JSON.stringify([fields, keys]);
  const elements = keys.map((key) => ({ key, comment: '' }));
  return {
    kind: 'match',
    match: { kind: 'match', fields, operator, among: { set: name } },
    sets: [{ kind: 'set', name, types: fields.map(() => 'mark' as const), interval: true, counter: false, elements }],
  };
}
