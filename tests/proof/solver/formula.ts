/** Random formulas about packets, as sets and as what Z3 is told. */
import fc from 'fast-check';
import type { Node } from '../../../src/proof/sets/diagram.ts';
import { matching } from '../../../src/proof/sets/lookups.ts';
import type { PacketSets } from '../../../src/proof/sets/packet-sets.ts';
import { image, preimage, type Rewriting } from '../../../src/proof/sets/rewriting.ts';
import { union } from '../../../src/proof/sets/stretches.ts';
import { rewritingsOf } from '../../../src/proof/sets/translation.ts';
import type { NamedSet } from '../../../src/resource/ruleset/named-set.ts';
import type { Match, Nat } from '../../../src/resource/ruleset/statement.ts';
import { extent, holds } from './conditions.ts';
import type { AnyPacket } from './packet.ts';
import { matches } from './random-match.ts';
import { mayComeOf, mayHaveBeen, type Witnesses } from './translation.ts';
import type { Truth, Z3 } from './z3.ts';

type Binary = 'and' | 'or' | 'xor' | 'diff';

export type Formula =
  | { readonly kind: 'match'; readonly match: Match; readonly sets: readonly NamedSet[] }
  | { readonly kind: Binary; readonly one: Formula; readonly other: Formula }
  | { readonly kind: 'ite'; readonly one: Formula; readonly other: Formula; readonly third: Formula }
  | { readonly kind: 'not'; readonly one: Formula }
  /** What NAT makes of packets, and what they were that are these now. */
  | { readonly kind: 'become' | 'were'; readonly nat: Nat; readonly one: Formula };

const addresses4 = fc.constantFrom('10.0.0.5', '192.0.2.1', '10.255.255.255');
const addresses6 = fc.constantFrom('fd00::5', '2001:db8::1');
const ports = fc.constantFrom(undefined, 80, 8080, { from: 1024, to: 2047 });
const nats: fc.Arbitrary<Nat> = fc
  .record({ kind: fc.constantFrom('snat', 'dnat'), target: fc.oneof(addresses4, addresses6), port: ports })
  .map(({ kind, target, port }) => ({
    kind,
    family: target.includes(':') ? 'ip6' : 'ip',
    to: { address: target, ...(port !== undefined && { port }) },
  }));

const pairs = fc.constantFrom<Binary>('and', 'or', 'xor', 'diff');

/** Without NAT. */
const { plain } = fc.letrec<{ plain: Formula }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 3, arbitrary: matches },
    { weight: 3, arbitrary: fc.record({ kind: pairs, one: tie('plain'), other: tie('plain') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), one: tie('plain') }) },
  ),
}));

export const { formulas } = fc.letrec<{ formulas: Formula }>((tie) => ({
  formulas: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: matches },
    { weight: 4, arbitrary: fc.record({ kind: pairs, one: tie('formulas'), other: tie('formulas') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), one: tie('formulas') }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('ite' as const), one: tie('formulas'), other: tie('formulas'), third: tie('formulas') }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('become', 'were'), nat: nats, one: plain }) },
  ),
}));

export function setOf(sets: PacketSets, formula: Formula): Node {
  const { diagram } = sets;
  const of = (one: Formula): Node => setOf(sets, one);
  switch (formula.kind) {
    case 'match':
      return matching(sets, formula.match, (name) => formula.sets.find((set) => set.name === name) ?? never(name));
    case 'and':
    case 'or':
    case 'xor':
    case 'diff':
      return diagram[formula.kind](of(formula.one), of(formula.other));
    case 'ite':
      return diagram.ite(of(formula.one), of(formula.other), of(formula.third));
    case 'not':
      return diagram.diff(sets.all, of(formula.one));
    case 'become':
    case 'were': {
      const packets = of(formula.one);
      const change = formula.kind === 'become' ? image : preimage;
      return union(
        diagram,
        rewritings(sets, formula.nat).map((one) => change(sets, one, packets)),
      );
    }
  }
}

function rewritings(sets: PacketSets, nat: Nat): readonly Rewriting[] {
  const packets = sets.among(['meta nfproto'], [[nat.family === 'ip' ? 'ipv4' : 'ipv6']]);
  return rewritingsOf(sets, { name: 'nat', sets: [] }, { chain: 'nat', rule: { statements: [nat], comment: '' }, nat, packets }, []);
}

/** What holds for packets of which the formula is right. */
export function truthOf(z3: Z3, formula: Formula, packet: AnyPacket): Truth {
  const of = (one: Formula): Truth => truthOf(z3, one, packet);
  switch (formula.kind) {
    case 'match':
      return holds(z3, packet, formula.match, formula.sets);
    case 'and':
      return z3.And(of(formula.one), of(formula.other));
    case 'or':
      return z3.Or(of(formula.one), of(formula.other));
    case 'xor':
      return z3.Xor(of(formula.one), of(formula.other));
    case 'diff':
      return z3.And(of(formula.one), z3.Not(of(formula.other)));
    case 'ite':
      return z3.If(of(formula.one), of(formula.other), of(formula.third)) as Truth;
    case 'not':
      return z3.Not(of(formula.one));
    case 'become':
      return mayComeOf(z3, formula.nat, packet, witnessesOf(formula), (before) => truthOf(z3, formula.one, before));
    case 'were':
      return mayHaveBeen(z3, formula.nat, packet, witnessesOf(formula), (after) => truthOf(z3, formula.one, after));
  }
}

/** Every first value of a stretch within which nothing in the formula tells addresses, or ports, apart. */
function witnessesOf({ nat, one }: Formula & { readonly kind: 'become' | 'were' }): Witnesses {
  const [addresses, ports] = [new Set([0n]), new Set([0n])];
  const most = 1n << (nat.family === 'ip' ? 32n : 128n);
  for (const { match, sets } of matchesIn(one)) {
    const keys = 'set' in match.among ? (sets[0]?.elements.map(({ key }) => key) ?? []) : match.among;
    for (const [place, field] of match.fields.entries()) {
      const firsts =
        field.endsWith('port') || field.startsWith('icmp') ? ports : field.startsWith(`${nat.family} `) ? addresses : undefined;
      for (const key of keys) {
        const value = key[place];
        if (firsts === undefined || value === undefined) continue;
        const [from, to] = extent(field, value);
        // The type of ICMP messages is the first half of what stands where ports do.
        const scale = field.startsWith('icmp') ? 256n : 1n;
        for (const first of [from * scale, (to + 1n) * scale]) firsts.add(first);
      }
    }
  }
  return { addresses: [...addresses].filter((value) => value < most), ports: [...ports] };
}

function matchesIn(formula: Formula): readonly (Formula & { readonly kind: 'match' })[] {
  if (formula.kind === 'match') return [formula];
  return [formula.one, ...('other' in formula ? [formula.other] : []), ...('third' in formula ? [formula.third] : [])].flatMap(matchesIn);
}

const never = (name: string): never => {
  throw new Error(`no set is called ${name}`);
};
