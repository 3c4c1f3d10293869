/** Random tables in the words that rulesets have, and packets on both sides of all that they tell apart. */
import fc from 'fast-check';
import { formatAddress } from '../../address/format.ts';
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import type { DataType, Field } from '../../resource/ruleset/field.ts';
import { type Interval, intervalOf } from '../../resource/ruleset/interval.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import type { Table } from '../../resource/table.ts';
import type { Packet } from '../packet.ts';

const range = (values: readonly string[] | readonly number[]): fc.Arbitrary<Value> =>
  fc
    .tuple(fc.nat(values.length - 1), fc.nat(values.length - 1))
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ({ from: values[Math.min(one, other)] ?? 0, to: values[Math.max(one, other)] ?? 0 }));
const wide = (values: readonly string[], prefixes: readonly (readonly [string, number])[]): fc.Arbitrary<Value> =>
  fc.oneof(fc.constantFrom(...values), fc.constantFrom(...prefixes.map(([prefix, length]) => ({ prefix, length }))), range(values));

const addresses4 = ['0.0.0.0', '10.0.0.0', '10.0.0.1', '10.0.0.5', '10.0.0.255', '10.0.1.0', '192.0.2.1', '255.255.255.255'];
const addresses6 = ['::', 'a00::', 'a00:1::', 'fd00::', 'fd00::1', 'fd00::ff', 'fd00::1:0', 'fe80::1'];
const prefixes4 = [['0.0.0.0', 0], ['10.0.0.0', 8], ['10.0.0.0', 24], ['10.0.0.4', 30], ['192.0.2.0', 24]] as const; // biome-ignore format: one a line says no more
const prefixes6 = [['::', 0], ['a00::', 8], ['fd00::', 8], ['fd00::', 120], ['fe80::', 10]] as const; // biome-ignore format: one a line says no more
const ports = [0, 1, 22, 80, 443, 1023, 1024, 65535];

const interfaces = fc.constantFrom<Value>('lan', 'wan', 'dmz');
const v4 = wide(addresses4, prefixes4);
const v6 = wide(addresses6, prefixes6);
const port = fc.oneof(fc.constantFrom<Value>(...ports), range(ports));

/** What fields are compared with; those that have one can be in named sets, as this type. */
const values: readonly (readonly [Field, fc.Arbitrary<Value>, DataType?])[] = [
  ['iifname', interfaces, 'ifname'],
  ['oifname', interfaces, 'ifname'],
  ['ip saddr', v4, 'ipv4_addr'],
  ['ip daddr', v4, 'ipv4_addr'],
  ['ip6 saddr', v6, 'ipv6_addr'],
  ['ip6 daddr', v6, 'ipv6_addr'],
  ['meta l4proto', fc.constantFrom<Value>('tcp', 'udp', 'icmp', 'ipv6-icmp', 'esp'), 'inet_proto'],
  ['th dport', port, 'inet_service'],
  ['th sport', port, 'inet_service'],
  ['tcp dport', port, 'inet_service'],
  ['udp dport', port, 'inet_service'],
  ['udp sport', port, 'inet_service'],
  ['ct state', fc.constantFrom<Value>('invalid', 'established', 'related', 'new', 'untracked')],
  ['meta nfproto', fc.constantFrom<Value>('ipv4', 'ipv6')],
  ['ip protocol', fc.constantFrom<Value>('tcp', 'udp', 'icmp', 'esp')],
  ['ip6 nexthdr', fc.constantFrom<Value>('tcp', 'udp', 'ipv6-icmp')],
  ['icmp type', fc.constantFrom<Value>('echo-request', 'echo-reply', 'redirect')],
  ['icmpv6 type', fc.constantFrom<Value>('echo-request', 'nd-neighbor-solicit', 'packet-too-big')],
  ['fib daddr type', fc.constantFrom<Value>('local', 'unicast')],
];
const inSets = values.filter(([, , type]) => type !== undefined);

const unlike = <T extends { readonly key: Key }>(element: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(element, { minLength: 1, maxLength: 6, selector: ({ key }) => JSON.stringify(key) });

const fieldsAmong = (choice: typeof values): fc.Arbitrary<readonly (typeof values)[number][]> =>
  fc.shuffledSubarray([...choice], { minLength: 1, maxLength: 3 });

const keysOf = (chosen: readonly (typeof values)[number][]): fc.Arbitrary<Key> => fc.tuple(...chosen.map(([, value]) => value));

const verdictAmong = (chains: readonly string[]): fc.Arbitrary<Verdict> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Verdict>('accept', 'drop', 'accept', 'drop', 'continue', 'return') },
    ...(chains.length > 0
      ? [{ weight: 3, arbitrary: fc.constantFrom<Verdict>(...chains.flatMap((jump) => [{ jump }, { goto: jump }])) }]
      : []),
  );

/** What a statement, and the sets that it needs, are. */
type Drawn = { readonly statements: readonly Statement[]; readonly sets: readonly NamedSet[] };
const only = (...statements: readonly Statement[]): Drawn => ({ statements, sets: [] });

const matches: fc.Arbitrary<Drawn> = fc.oneof(
  {
    weight: 4,
    arbitrary: fieldsAmong(values).chain((chosen) =>
      fc
        .record({ operator: fc.constantFrom('==', '!=', '==' as const), among: fc.array(keysOf(chosen), { minLength: 1, maxLength: 4 }) })
        .map(({ operator, among }) =>
          only({ kind: 'match', fields: chosen.map(([field]) => field), operator: operator as '==' | '!=', among }),
        ),
    ),
  },
  { weight: 1, arbitrary: fc.constant(only({ kind: 'match', fields: ['ct status'], operator: 'in', among: [['dnat']] })) },
  {
    weight: 2,
    arbitrary: fieldsAmong(inSets).chain((chosen) =>
      fc
        .record({ operator: fc.constantFrom('==', '!='), elements: unlike(fc.record({ key: keysOf(chosen), comment: fc.constant('') })) })
        .map(({ operator, elements }): Drawn => {
          const name = `set ${JSON.stringify([chosen.map(([field]) => field), elements])}`;
          return {
            statements: [
              { kind: 'match', fields: chosen.map(([field]) => field), operator: operator as '==' | '!=', among: { set: name } },
            ],
            sets: [{ kind: 'set', name, types: chosen.map(([, , type]) => type ?? 'mark'), interval: true, counter: false, elements }],
          };
        }),
    ),
  },
);

const lookups = (chains: readonly string[]): fc.Arbitrary<Drawn> =>
  fieldsAmong(inSets).chain((chosen) =>
    fc
      .record({
        named: fc.boolean(),
        elements: unlike(fc.record({ key: keysOf(chosen), comment: fc.constant(''), verdict: verdictAmong(chains) })),
      })
      .map(({ named, elements }): Drawn => {
        const fields = chosen.map(([field]) => field);
        // In braces nothing may overlap: exact keys do not.
        const exact = elements.filter(({ key }) => key.every((value) => typeof value !== 'object'));
        if (!named) return only({ kind: 'vmap', fields, map: { entries: exact.map(({ key, verdict }) => [key, verdict] as const) } });
        const name = `map ${JSON.stringify([fields, elements])}`;
        return {
          statements: [{ kind: 'vmap', fields, map: { name } }],
          sets: [{ kind: 'verdict-map', name, types: chosen.map(([, , type]) => type ?? 'mark'), interval: true, counter: true, elements }],
        };
      }),
  );

const ends = (chains: readonly string[]): fc.Arbitrary<Drawn> =>
  fc.oneof(
    { weight: 5, arbitrary: verdictAmong(chains).map((verdict) => only({ kind: 'verdict', verdict })) },
    {
      weight: 3,
      arbitrary: fc.tuple(lookups(chains), verdictAmong(chains), fc.boolean()).map(([lookup, verdict, more]) => ({
        statements: [...lookup.statements, ...(more ? [{ kind: 'verdict', verdict } as const] : [])],
        sets: lookup.sets,
      })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Drawn>(
        only({ kind: 'reject', with: 'admin-prohibited' }),
        only(
          { kind: 'match', fields: ['meta nfproto'], operator: '==', among: [['ipv4']] },
          { kind: 'dnat', family: 'ip', to: { address: '10.0.0.5', port: 80 } },
        ),
        only({ kind: 'masquerade' }),
        only({ kind: 'counter' }),
      ),
    },
  );

const rulesOf = (chains: readonly string[]): fc.Arbitrary<readonly (readonly [Rule, readonly NamedSet[]])[]> =>
  fc.array(
    fc.tuple(fc.array(matches, { maxLength: 2 }), ends(chains)).map(([before, end]) => {
      const all = [...before, end];
      return [{ statements: all.flatMap(({ statements }) => statements), comment: '' }, all.flatMap(({ sets }) => sets)] as const;
    }),
    { minLength: 1, maxLength: 6 },
  );

export const tables: fc.Arbitrary<Table> = fc
  .record({ base: rulesOf(['one', 'two']), one: rulesOf(['two']), two: rulesOf([]), policy: fc.constantFrom('accept', 'drop') })
  .map(({ base, one, two, policy }) => {
    const chain = (name: string, rules: typeof base): Chain => ({ name, rules: rules.map(([rule]) => rule) });
    const sets = [...base, ...one, ...two].flatMap(([, own]) => own);
    return {
      kind: 'table',
      origin: [],
      namespace: 'ns',
      family: 'inet',
      name: 'random',
      chains: [
        { ...chain('base', base), hook: { type: 'filter', hook: 'forward', priority: 0, policy: policy as 'accept' | 'drop' } },
        chain('one', one),
        chain('two', two),
      ],
      sets: [...new Map(sets.map((set) => [set.name, set])).values()],
    };
  });

/** Values of a kind of field, and those beside them. */
function boundaries(table: Table, fields: readonly Field[]): readonly bigint[] {
  const numbers = new Set<bigint>();
  const note = (asked: readonly Field[], keys: readonly Key[]): void => {
    for (const [place, field] of asked.entries()) {
      if (!fields.includes(field)) continue;
      for (const key of keys) {
        const interval: Interval | undefined = intervalOf(key[place] ?? 0, typeOf(field));
        if (interval !== undefined)
          for (const number of [interval.from - 1n, interval.from, interval.to, interval.to + 1n]) numbers.add(number);
      }
    }
  };
  const keysIn = (name: string): readonly Key[] => table.sets.find((set) => set.name === name)?.elements.map(({ key }) => key) ?? [];
  for (const { rules } of table.chains)
    for (const { statements } of rules)
      for (const statement of statements) {
        if (statement.kind === 'match') note(statement.fields, 'set' in statement.among ? keysIn(statement.among.set) : statement.among);
        if (statement.kind === 'vmap')
          note(statement.fields, 'name' in statement.map ? keysIn(statement.map.name) : statement.map.entries.map(([key]) => key));
      }
  return [...numbers];
}

export function packetsBeside(table: Table): fc.Arbitrary<Packet> {
  const near = (fields: readonly Field[], bits: number, ...others: readonly bigint[]): fc.Arbitrary<bigint> =>
    fc.constantFrom(...[...boundaries(table, fields), ...others].filter((number) => number >= 0n && number < 1n << BigInt(bits)));
  const portNear = near(['th dport', 'th sport', 'tcp dport', 'udp dport', 'udp sport'], 16, 7n).map(Number);
  const device = fc.option(fc.constantFrom('lan', 'wan', 'dmz', 'elsewhere'), { nil: undefined });
  const ended = fc.oneof(
    fc.record({
      family: fc.constant(4 as const),
      source: near(['ip saddr', 'ip daddr'], 32, 5n),
      destination: near(['ip saddr', 'ip daddr'], 32, 5n),
    }),
    fc.record({
      family: fc.constant(6 as const),
      source: near(['ip6 saddr', 'ip6 daddr'], 128, 5n),
      destination: near(['ip6 saddr', 'ip6 daddr'], 128, 5n),
    }),
  );
  return fc
    .record({
      ended,
      transport: fc.constantFrom('tcp', 'udp', 'icmp', 'esp', 'fragment'),
      sourcePort: portNear,
      destinationPort: portNear,
      icmpType: fc.constantFrom(0, 2, 5, 8, 128, 135, 200),
      inDevice: device,
      outDevice: device,
      state: fc.constantFrom('invalid', 'established', 'related', 'new', 'untracked'),
      dnat: fc.boolean(),
      local: fc.boolean(),
    })
    .map(
      ({
        ended: { family, source, destination },
        transport,
        sourcePort,
        destinationPort,
        icmpType,
        inDevice,
        outDevice,
        state,
        dnat,
        local,
      }) => {
        const protocol = { tcp: 6, udp: 17, icmp: family === 4 ? 1 : 58, esp: 50, fragment: 17 }[transport] ?? 0;
        return {
          family,
          source: { family, value: source },
          destination: { family, value: destination },
          protocol,
          // Ports are the first four bytes behind the network header, whatever they are to the protocol.
          ...(transport === 'icmp' && { icmpType, sourcePort: icmpType * 256, destinationPort }),
          ...((transport === 'tcp' || transport === 'udp' || transport === 'esp') && { sourcePort, destinationPort }),
          ...(inDevice !== undefined && { inDevice }),
          ...(outDevice !== undefined && { outDevice }),
          state: state as Packet['state'],
          dnat: dnat && state !== 'invalid' && state !== 'untracked',
          local,
        };
      },
    );
}

export const textOf = (packet: Packet): string =>
  JSON.stringify({ ...packet, source: formatAddress(packet.source), destination: formatAddress(packet.destination) });
