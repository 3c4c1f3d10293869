import { expect, test } from 'vitest';
import type { Field } from '../../resource/ruleset/field.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import { match, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Value } from '../../resource/ruleset/value.ts';
import { type Decisions, decide } from './chain.ts';
import type { Node } from './diagram.ts';
import { layoutOf } from './layout.ts';
import { EMPTY } from './node-table.ts';
import { PacketSets } from './packet-sets.ts';
import { image, preimage } from './rewriting.ts';
import { intersection, union } from './stretches.ts';
import { type Mask, rewritingsOf } from './translation.ts';
import { wordsOf } from './words.ts';

const sets = new PacketSets(layoutOf({ fields: ['meta mark', 'ct status'], names: ['lan', 'wan'] }), 'inet');
const is = (field: Field, ...values: readonly Value[]): Node =>
  sets.among(
    [field],
    values.map((value) => [value]),
  );
const all = (...parts: readonly Node[]): Node => intersection(sets.diagram, parts);

const forwards: NamedSet = {
  kind: 'map',
  name: 'forwards',
  types: ['inet_proto', 'inet_service'],
  data: ['ipv4_addr', 'inet_service'],
  interval: false,
  counter: false,
  elements: [
    { key: ['tcp', 80], value: ['10.0.0.80', 8080], comment: '' },
    { key: ['tcp', 443], value: ['10.0.0.43', 443], comment: '' },
  ],
};

const through = (...rules: readonly (readonly Statement[])[]): Decisions => {
  const chain = { name: 'nat', rules: rules.map((statements) => ({ statements, comment: '' })) };
  return decide(sets, { name: 't', chains: [chain], sets: [forwards] }, chain, sets.all);
};

function become(decisions: Decisions, before: Node, masks: readonly Mask[] = []): Node {
  const all = decisions.translated.flatMap((one) => rewritingsOf(sets, { name: 't', sets: [forwards] }, one, masks));
  return union(
    sets.diagram,
    all.map((one) => image(sets, one, before)),
  );
}

const words = (set: Node): readonly string[] => wordsOf(sets, set, { lines: 5, values: 5 });
const packet = all(
  is('ct state', 'new'),
  is('oifname', 'wan'),
  is('ip saddr', '192.0.2.7'),
  is('ip daddr', '198.51.100.1'),
  is('tcp sport', 40000),
);

test('a map of forwards leads each packet to its machine and port, and back', () => {
  const dnat = through([{ kind: 'dnat', family: 'ip', to: { fields: ['meta l4proto', 'th dport'], map: 'forwards' } }]);
  expect(words(become(dnat, all(packet, is('tcp dport', 80, 81, 443))))).toEqual([
    'new, any → wan, 192.0.2.7 → 10.0.0.43, tcp/443, from port 40000',
    'new, any → wan, 192.0.2.7 → 10.0.0.80, tcp/8080, from port 40000',
  ]);
  const [one] = dnat.translated;
  if (one === undefined) throw new Error('not translated');
  const back = rewritingsOf(sets, { name: 't', sets: [forwards] }, one, []).map((rewriting) =>
    preimage(sets, rewriting, all(is('ip daddr', '10.0.0.80'), is('ip saddr', '192.0.2.7'), is('tcp dport', 8080))),
  );
  expect(words(union(sets.diagram, back))).toEqual(['192.0.2.7 → any, tcp/80']);
  expect(sets.diagram.and(one.packets, is('meta nfproto', 'ipv6'))).toBe(EMPTY);
});

test('what is masqueraded gets the address of the interface, and may get another port of the same class', () => {
  const nat = through([match('oifname', 'wan'), { kind: 'masquerade' }]);
  const masks: readonly Mask[] = [{ device: 'wan', family: 'ip', address: '203.0.113.9' }];
  expect(words(become(nat, packet, masks))).toEqual(['new, any → wan, 203.0.113.9 → 198.51.100.1, tcp, from port 1024-65535']);
  const [one] = nat.translated;
  if (one === undefined) throw new Error('not translated');
  const taken = rewritingsOf(sets, { name: 't', sets: [] }, one, masks).map(({ packets }) => packets);
  const rest = sets.diagram.diff(one.packets, union(sets.diagram, taken));
  expect(rest).toBe(all(is('oifname', 'wan'), is('meta nfproto', 'ipv6')));
});

test('marks that are set are there for later rules, and what is not tracked belongs to no connection', () => {
  const marked = through([match('tcp dport', 22), { kind: 'set', field: 'meta mark', value: 7 }], [match('meta mark', 7), verdict('drop')]);
  expect(marked.dropped).toBe(all(is('meta mark', 7)));
  expect(sets.diagram.and(marked.accepted, is('tcp dport', 22))).toBe(EMPTY);
  const untracked = through([{ kind: 'notrack' }], [match('ct state', 'untracked'), verdict('drop')]);
  expect([untracked.accepted, untracked.dropped]).toEqual([EMPTY, is('ct state', 'untracked')]);
});

test('a limit leaves both ways open', () => {
  const limited = through([match('tcp dport', 22), { kind: 'limit', rate: 1, per: 'second', burst: 5 }, verdict('drop')]);
  expect([limited.accepted, limited.dropped]).toEqual([sets.all, is('tcp dport', 22)]);
});

test('a reset is for TCP alone, and what there are no words for is an error', () => {
  const reset = through([{ kind: 'reject', with: 'tcp reset' }]);
  expect(reset.rejected).toBe(is('meta l4proto', 'tcp'));
  const unknown = { name: 'c', rules: [{ statements: [], comment: '', unknown: 'synproxy' }] };
  expect(() => decide(sets, { name: 't', chains: [unknown], sets: [] }, unknown, sets.all)).toThrow('synproxy');
  expect(() => through([match('iifname', 'elsewhere'), verdict('drop')])).toThrow('iifname is nowhere said to be elsewhere');
});

test('a rule behind one that says more decides nothing', () => {
  const { visits } = through([match('th dport', { from: 1, to: 100 }), verdict('accept')], [match('tcp dport', 22), verdict('drop')]);
  expect(visits.map(({ wanted, matched }) => [wanted === EMPTY, matched === EMPTY])).toEqual([
    [false, false],
    [false, true],
  ]);
});
