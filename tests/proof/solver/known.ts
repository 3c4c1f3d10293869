/** What is known of packets before rules are asked, at random: sets leave out of rulesets what cannot be about them. */
import fc from 'fast-check';
import type { Context } from '../../../src/proof/sets/context.ts';
import type { Field } from '../../../src/resource/ruleset/field.ts';
import type { Value } from '../../../src/resource/ruleset/value.ts';
import { extent } from './conditions.ts';
import { type AnyPacket, read } from './packet.ts';
import { between, every, is, type Truth, type Z3 } from './z3.ts';

type Known = readonly [Field, Value | undefined];
type Between = readonly [Field, Value];

interface Drawn {
  readonly known: readonly Known[];
  readonly between: readonly Between[];
  readonly turned: boolean;
}

const maybe = <T>(all: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    fc.constant([]),
    fc.constantFrom(...all).map((one) => [one]),
  );

const families: readonly (readonly Known[])[] = [
  [
    ['meta nfproto', 'ipv4'],
    ['ip6 saddr', undefined],
    ['ip6 daddr', undefined],
    ['ip6 nexthdr', undefined],
    ['icmpv6 type', undefined],
  ],
  [
    ['meta nfproto', 'ipv6'],
    ['ip saddr', undefined],
    ['ip daddr', undefined],
    ['ip protocol', undefined],
    ['icmp type', undefined],
  ],
];

const stretches: readonly Between[] = [
  ['ip saddr', { prefix: '10.0.0.0', length: 24 }],
  ['ip daddr', '10.0.0.5'],
  ['ip6 saddr', { prefix: 'fd00::', length: 120 }],
  ['ip6 daddr', { from: 'fd00::1', to: 'fd00::ff' }],
  ['th dport', { from: 80, to: 443 }],
  ['th sport', { from: 1024, to: 65_535 }],
];

export const contexts: fc.Arbitrary<Drawn> = fc
  .record({
    family: maybe(families),
    input: maybe<Known>([
      ['iifname', 'lan'],
      ['iifname', 'nowhere named'],
      ['iifname', ''],
    ]),
    output: maybe<Known>([
      ['oifname', 'wan'],
      ['oifname', ''],
    ]),
    state: maybe<Known>([
      ['ct state', 'new'],
      ['ct state', 'established'],
    ]),
    local: maybe<Known>([
      ['fib daddr type', 'local'],
      ['fib daddr type', 'unicast'],
    ]),
    between: fc.subarray([...stretches]),
    turned: fc.boolean(),
  })
  .map(({ family, input, output, state, local, between, turned }) => ({
    known: [...family.flat(), ...input, ...output, ...state, ...local],
    between,
    turned,
  }));

const stretch = (field: Field, value: Value): { readonly from: bigint; readonly to: bigint } => {
  const [from, to] = extent(field, value);
  return { from, to };
};

export const contextOf = ({ known, between, turned }: Drawn): Context => ({
  known: new Map(known.map(([field, value]) => [field, value === undefined ? undefined : stretch(field, value).from])),
  within: new Map(between.map(([field, value]) => [field, [stretch(field, value)]])),
  turned,
});

/** Of packets as rules see them. */
export const factsOf = (z3: Z3, { known, between: stretches }: Drawn, packet: AnyPacket): Truth =>
  every(z3, [
    ...known.map(([field, value]) => {
      const { has, value: bits } = read(z3, packet, field);
      return value === undefined ? z3.Not(has) : z3.And(has, is(z3, bits, extent(field, value)[0]));
    }),
    ...stretches.map(([field, value]) => {
      const { has, value: bits } = read(z3, packet, field);
      return z3.Implies(has, between(z3, bits, ...extent(field, value)));
    }),
  ]);
