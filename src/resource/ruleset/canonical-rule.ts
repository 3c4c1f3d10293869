/**
 * Rules as texts that are equal when the rules mean the same.
 *
 * nft gives rules back in other words than it was given: it hides what a field implies, joins and reorders matches on
 * neighbouring bytes, and drops braces around a single value. Here, what a field implies is a fact of the whole rule,
 * fields are places in the packet, values are intervals of numbers, and matches that stand together are sorted.
 */
import { fieldsText, keyText, matchTexts, stated } from './canonical-match.ts';
import type { Rule } from './chain.ts';
import type { Field } from './field.ts';
import { valueText } from './interval.ts';
import { type Fact, placeOf } from './layout.ts';
import type { Match, Nat, Statement, VerdictMap } from './statement.ts';

type Family = 'inet' | 'ip' | 'ip6' | 'bridge';

/** Without its comment. */
export function ruleText({ statements, unknown }: Rule, family: Family): string {
  if (unknown !== undefined) return `unknown: ${unknown}`;
  const facts = new Set<Fact>();
  const parts: string[] = [];
  let matches: Match[] = [];
  for (const statement of statements) {
    for (const fact of impliedBy(statement)) facts.add(fact);
    if (statement.kind === 'match') {
      const fact = stated(statement);
      if (fact !== undefined) facts.add(fact);
      if (fact === undefined || isHeaderField(statement, family)) matches.push(statement);
      continue;
    }
    parts.push(...matchTexts(matches), otherText(statement));
    matches = [];
  }
  parts.push(...matchTexts(matches));
  for (const fact of [...facts]) {
    const network = CARRIED[fact];
    if (network !== undefined) facts.add(network);
  }
  // In the families that know one protocol, there is nothing else.
  if (family !== 'inet' && family !== 'bridge') facts.delete(family);
  return [[...facts].sort().join(','), ...parts].join('; ');
}

/** What each of them comes in: nft says one, the other or both. */
const CARRIED: { readonly [F in Fact]?: Fact } = { 'l4 1': 'ip', 'l4 2': 'ip', 'l4 58': 'ip6' };

const fieldsOf = (statement: Statement): readonly Field[] => {
  if (statement.kind === 'match' || statement.kind === 'vmap') return statement.fields;
  return (statement.kind === 'snat' || statement.kind === 'dnat') && 'map' in statement.to ? statement.to.fields : [];
};

function impliedBy(statement: Statement): readonly Fact[] {
  const facts = fieldsOf(statement).flatMap((field) => placeOf(field).facts);
  if (statement.kind === 'snat' || statement.kind === 'dnat') return onlyPort(statement) ? facts : [...facts, statement.family];
  return statement.kind === 'maxseg' || (statement.kind === 'reject' && statement.with === 'tcp reset') ? [...facts, 'l4 6'] : facts;
}

const onlyPort = ({ to }: Nat): boolean => !('map' in to) && to.address === undefined;

/** The protocol in the header says more than that of the packet: it may be in a fragment, or followed by another header. */
const isHeaderField = ({ fields: [field] }: Match, family: Family): boolean =>
  // In a table that is all of one family, nft hides it.
  (field === 'ip protocol' && family !== 'ip') || (field === 'ip6 nexthdr' && family !== 'ip6');

function vmapText({ fields, map }: VerdictMap): string {
  const entries =
    'name' in map
      ? `@${map.name}`
      : map.entries
          .map(([key, verdict]) => `${keyText(key, fields)} : ${JSON.stringify(verdict)}`)
          .sort()
          .join(', ');
  return `${fieldsText(fields)} vmap ${entries}`;
}

function natText(statement: Nat): string {
  const { kind, family, to } = statement;
  if ('map' in to) return `${kind} ${family} to ${fieldsText(to.fields)} map @${to.map}`;
  const { address, port } = to;
  const ports = port === undefined ? '' : valueText(port, 'inet_service');
  if (address === undefined) return `${kind} to :${ports}`;
  return `${kind} ${family} to ${valueText(address, family === 'ip' ? 'ipv4_addr' : 'ipv6_addr')} port ${ports}`;
}

function otherText(statement: Exclude<Statement, Match>): string {
  switch (statement.kind) {
    case 'vmap':
      return vmapText(statement);
    case 'snat':
    case 'dnat':
      return natText(statement);
    case 'verdict':
      return JSON.stringify(statement.verdict);
    case 'log':
      return `log ${statement.group} ${statement.prefix}`;
    case 'limit':
      return `limit ${statement.rate}/${statement.per} burst ${statement.burst}`;
    case 'reject':
      return `reject ${statement.with}`;
    case 'set':
      return `${statement.field} set ${statement.value}`;
    case 'maxseg':
      return `maxseg ${statement.size}`;
    case 'counter':
    case 'masquerade':
    case 'notrack':
      return statement.kind;
  }
}
