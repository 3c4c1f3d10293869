/** Random tables of all that rulesets have words for, such as nft takes. */
import fc from 'fast-check';
import type { Chain, Hook, Rule } from '../../src/resource/ruleset/chain.ts';
import type { DataType, Field } from '../../src/resource/ruleset/field.ts';
import type { NamedSet, SetElement } from '../../src/resource/ruleset/named-set.ts';
import { match, type Statement } from '../../src/resource/ruleset/statement.ts';
import type { Atom, Value } from '../../src/resource/ruleset/value.ts';
import type { Verdict } from '../../src/resource/ruleset/verdict.ts';
import type { Table } from '../../src/resource/table.ts';

import {
  type Arb,
  atoms,
  ipv4,
  ipv4Prefix,
  ipv6,
  ipv6Prefix,
  isWild,
  mark,
  matches,
  name,
  of,
  port,
  portRange,
  prefix,
} from './matches.ts';

/** Fields that together have the types of a set, by their names. */
const lookups: readonly { readonly fields: readonly Field[]; readonly types: readonly DataType[] }[] = [
  { fields: ['ip saddr'], types: ['ipv4_addr'] },
  { fields: ['ip6 daddr'], types: ['ipv6_addr'] },
  { fields: ['iifname'], types: ['ifname'] },
  { fields: ['th dport'], types: ['inet_service'] },
  { fields: ['meta mark'], types: ['mark'] },
  { fields: ['ether saddr'], types: ['ether_addr'] },
  { fields: ['ip saddr', 'ip daddr'], types: ['ipv4_addr', 'ipv4_addr'] },
  { fields: ['ip saddr', 'ip daddr', 'meta l4proto', 'th dport'], types: ['ipv4_addr', 'ipv4_addr', 'inet_proto', 'inet_service'] },
  { fields: ['ip6 saddr', 'meta l4proto', 'th dport'], types: ['ipv6_addr', 'inet_proto', 'inet_service'] },
  { fields: ['iifname', 'ether saddr', 'ip saddr'], types: ['ifname', 'ether_addr', 'ipv4_addr'] },
  { fields: ['ip saddr', 'tcp dport'], types: ['ipv4_addr', 'inet_service'] },
  { fields: ['iifname', '@th,64,32'], types: ['ifname', '@th,64,32'] },
  { fields: ['iifname', '@th,64,128'], types: ['ifname', '@th,64,128'] },
  { fields: ['ip saddr', 'icmp type'], types: ['ipv4_addr', 'icmp_type'] },
  { fields: ['ip6 saddr', 'icmpv6 type'], types: ['ipv6_addr', 'icmpv6_type'] },
  { fields: ['ct state', 'ip saddr'], types: ['ct_state', 'ipv4_addr'] },
  { fields: ['meta protocol', 'iifname'], types: ['ether_type', 'ifname'] },
];

const isRaw = (type: DataType): boolean => type.startsWith('@');

function atomOf(type: DataType): Arb<Atom> {
  if (type === '@th,64,128') return of('0xfd000000000000000000000000000001', '0x1');
  return isRaw(type) ? mark : atoms[type as keyof typeof atoms];
}

/** Ranges that lie apart: the first part of the key tells them. */
function keys(types: readonly DataType[], interval: boolean): Arb<readonly Value[][]> {
  const exact = fc.uniqueArray(fc.tuple(...types.map(atomOf)), { maxLength: 5, selector: (key) => key.join(' ') });
  const [first] = types;
  if (!interval || first === undefined) return exact;
  const spread: { readonly [type: string]: readonly Value[] } = {
    ipv4_addr: ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/23', '11.0.0.0/8', '12.0.0.1/32']
      .map(prefix)
      .concat([{ from: '13.0.0.3', to: '13.0.0.9' }]),
    ipv6_addr: ['fd00::/64', 'fd00:0:0:1::/64', '2001:db8::/32', '::1/128'].map(prefix),
    inet_service: [80, { from: 81, to: 90 }, { from: 100, to: 65535 }, 5, { from: 7, to: 7 }],
    mark: [5, { from: 16, to: 31 }, { from: 33, to: 40 }],
    ifname: ['eth0', 'eth1', 'lab-web'],
    ether_type: ['ip', 'arp'],
  };
  const choices = spread[first];
  if (choices === undefined) return exact;
  const rest = types.slice(1).map((type): Arb<Value> => {
    if (type === 'inet_service') return fc.oneof(port, portRange);
    if (type === 'ipv4_addr') return fc.oneof(ipv4, ipv4Prefix);
    return type === 'ipv6_addr' ? fc.oneof(ipv6, ipv6Prefix) : atomOf(type);
  });
  return fc
    .subarray([...choices])
    .chain((chosen) => fc.tuple(...chosen.map((one) => fc.tuple(fc.constant(one), ...rest).map((key): Value[] => key))));
}

const comment = of('', 'policy.hub -> jump', 'networks.front', 'forwards.edge tcp/80', 'ü (1)', "a'b, { c } # @x; y");

interface Lookup {
  readonly fields: readonly Field[];
  readonly set: NamedSet;
}

const verdictTo = (chains: readonly string[]): Arb<Verdict> =>
  fc.oneof(
    of<Verdict>('accept', 'drop', 'return', 'continue'),
    ...(chains.length === 0
      ? []
      : [of(...chains).map((to): Verdict => ({ jump: to })), of(...chains).map((to): Verdict => ({ goto: to }))]),
  );

function setOf(index: number, chains: readonly string[], family: Table['family']): Arb<Lookup> {
  const possible = lookups.filter(({ fields }) => {
    if (family === 'ip' && fields.some((field) => field.startsWith('ip6') || field.startsWith('icmpv6'))) return false;
    if (family === 'ip6' && fields.some((field) => field.startsWith('ip ') || field.startsWith('icmp '))) return false;
    if (family === 'bridge' && fields.some((field) => field.startsWith('ct '))) return false;
    return family === 'bridge' || !fields.some((field) => field.startsWith('ether'));
  });
  return fc
    .tuple(of(...possible), fc.boolean(), fc.boolean(), of('set', 'verdict-map'))
    .chain(([{ fields, types }, wide, counter, kind]) => {
      // The kernel has no intervals of names, and wildcards in a set need them: both are left out.
      const interval = wide && !types.some((type) => isRaw(type) || type === 'ct_state');
      const base = { name: `s${index}`, types, interval, counter };
      const elements = keys(types, interval).chain((all) =>
        fc.tuple(...all.map((key) => comment.map((text): SetElement => ({ key, comment: text })))),
      );
      if (kind === 'set') return elements.map((all): Lookup => ({ fields, set: { kind: 'set', ...base, elements: all } }));
      return elements.chain((all) =>
        fc
          .tuple(...all.map((element) => verdictTo(chains).map((verdict) => ({ ...element, verdict }))))
          .map((done): Lookup => ({ fields, set: { kind: 'verdict-map', ...base, elements: done } })),
      );
    });
}

function others(family: Table['family']): Arb<Statement> {
  return fc.oneof(
    fc.constant<Statement>({ kind: 'counter' }),
    fc.record({
      kind: fc.constant('limit' as const),
      rate: fc.integer({ min: 1, max: 1000 }),
      per: of('second', 'minute', 'hour'),
      burst: fc.integer({ min: 1, max: 500 }),
    }),
    fc.record({ kind: fc.constant('log' as const), prefix: of('policy.x -> y: ', 'drop'), group: fc.integer({ min: 0, max: 65535 }) }),
    fc.record({
      kind: fc.constant('set' as const),
      field: family === 'bridge' ? of('meta mark', 'meta nftrace') : of('meta mark', 'ct mark', 'meta nftrace'),
      value: of(0, 1),
    }),
  );
}

const rejects = of('port-unreachable', 'admin-prohibited', 'host-unreachable', 'no-route');

function endOf(chains: readonly string[], hook: Hook | undefined, family: Table['family']): Arb<readonly Statement[]> {
  const simple = verdictTo(chains).map((verdict): readonly Statement[] => [{ kind: 'verdict', verdict }]);
  const entries = fc.uniqueArray(fc.tuple(port, verdictTo(chains)), { minLength: 1, maxLength: 3, selector: ([one]) => one });
  const vmap = entries.map((all): readonly Statement[] => [
    { kind: 'vmap', fields: ['th dport'], map: { entries: all.map(([one, verdict]) => [[one], verdict] as const) } },
  ]);
  const pairs = fc.uniqueArray(
    fc.tuple(
      name.filter((one) => !isWild(one)),
      mark,
    ),
    { minLength: 1, maxLength: 3, selector: (key) => key.join() },
  );
  const concat = fc
    .tuple(pairs, of('==', '!='))
    .map(([all, operator]): readonly Statement[] => [{ kind: 'match', fields: ['iifname', 'meta mark'], operator, among: all }]);
  const reject = rejects.map((reason): readonly Statement[] => [{ kind: 'reject', with: reason }]);
  if (hook?.type === 'nat') return nat(hook, family);
  return fc.oneof(
    simple,
    simple,
    vmap,
    concat,
    ...(family !== 'bridge' && (hook?.hook === 'input' || hook?.hook === 'forward' || hook?.hook === 'output') ? [reject] : []),
  );
}

function nat(hook: Hook, family: Table['family']): Arb<readonly Statement[]> {
  const kind = hook.hook === 'postrouting' || hook.hook === 'input' ? 'snat' : 'dnat';
  const ports = fc.option(
    fc.oneof(
      port,
      portRange.map((range) => range as { from: number; to: number }),
    ),
    { nil: undefined },
  );
  const target = (version: 'ip' | 'ip6', address: Arb<string>): Arb<readonly Statement[]> =>
    fc
      .tuple(address, ports, of('tcp', 'udp'))
      .map(([to, at, transport]): readonly Statement[] => [
        ...(at === undefined ? [] : [match('meta l4proto', transport)]),
        { kind, family: version, to: { address: to, ...(at === undefined ? {} : { port: at }) } },
      ]);
  return fc.oneof(
    ...(family === 'ip6' ? [] : [target('ip', ipv4)]),
    ...(family === 'ip' ? [] : [target('ip6', ipv6)]),
    ...(hook.hook === 'postrouting' ? [fc.constant<readonly Statement[]>([{ kind: 'masquerade' }])] : []),
    port.map((at): readonly Statement[] => [
      match('meta l4proto', 'tcp'),
      { kind, family: family === 'ip6' ? 'ip6' : 'ip', to: { port: at } },
    ]),
  );
}

function ruleOf(chains: readonly string[], sets: readonly Lookup[], hook: Hook | undefined, family: Table['family']): Arb<Rule> {
  const lookup =
    sets.length === 0
      ? undefined
      : of(...sets).map(({ fields, set }): readonly Statement[] => [
          set.kind === 'verdict-map'
            ? { kind: 'vmap', fields, map: { name: set.name } }
            : { kind: 'match', fields, operator: '==', among: { set: set.name } },
        ]);
  const plain = fc
    .tuple(
      hook?.type === 'nat' ? fc.constant([]) : matches(family),
      fc.array(others(family), { maxLength: 2 }),
      endOf(chains, hook, family),
    )
    .map((parts) => parts.flat());
  const body =
    lookup === undefined || hook?.type === 'nat' ? plain : fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: lookup });
  return fc.tuple(body, comment).map(([statements, text]): Rule => ({ statements, comment: text }));
}

function hookOf(family: Table['family']): Arb<Hook> {
  const filter = fc.record({
    type: fc.constant('filter' as const),
    hook: of<Hook['hook']>('prerouting', 'input', 'forward', 'output', 'postrouting'),
    priority: of(-300, -200, -150, 0, 10, 300),
    policy: of('accept', 'drop'),
  });
  if (family === 'bridge') return filter;
  const forNat = fc.record({
    type: fc.constant('nat' as const),
    hook: of<Hook['hook']>('prerouting', 'postrouting', 'output'),
    priority: of(-100, 100, 7),
    policy: of('accept', 'drop'),
  });
  return fc.oneof({ weight: 3, arbitrary: filter }, { weight: 1, arbitrary: forNat });
}

/** Chains are jumped to in the order of their numbers, so that there is no loop. */
export function tables(family: Table['family']): Arb<Table> {
  return fc
    .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
    .chain(([plain, based, many]) => {
      const names = Array.from({ length: plain }, (_, index) => `c${index}`);
      return fc.tuple(...Array.from({ length: many }, (_, index) => setOf(index, names, family))).chain((sets) => {
        // A map that jumps may be looked up by chains that are jumped to from nowhere else only.
        const harmless = sets.filter(({ set }) => set.kind === 'set');
        const ofNumber = (index: number): Arb<Chain> =>
          fc
            .array(ruleOf(names.slice(index + 1), harmless, undefined, family), { maxLength: 4 })
            .map((rules): Chain => ({ name: `c${index}`, rules }));
        const base = (index: number): Arb<Chain> =>
          hookOf(family).chain((hook) =>
            fc.array(ruleOf(names, sets, hook, family), { maxLength: 5 }).map((rules): Chain => ({ name: `b${index}`, hook, rules })),
          );
        return fc
          .tuple(
            fc.tuple(...names.map((_, index) => ofNumber(index))),
            fc.tuple(...Array.from({ length: based }, (_, index) => base(index))),
          )
          .map(
            ([inner, outer]): Table => ({
              kind: 'table',
              origin: [],
              namespace: '@host',
              family,
              name: 'netbottle',
              chains: [...inner, ...outer],
              sets: sets.map(({ set }) => set),
            }),
          );
      });
    });
}
