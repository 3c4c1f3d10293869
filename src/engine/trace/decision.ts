/** What a chain decided about a packet, from the events that tell of it and the rules that they name. */
import type { Live } from '../../observe/trace/live.ts';
import { chainOf, type Run } from '../../observe/trace/run.ts';
import type { Decision, Passed } from '../../proof/evaluate.ts';
import { type Packet, viewOf } from '../../proof/packet.ts';
import type { RuledTable, Station } from '../../proof/path/model.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import type { Nat } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';

/** Undefined where nothing that decides was told: events were lost. */
export function decisionOf(run: Run, live: Live, station: Station | undefined, packet: Packet): Decision | undefined {
  const last = run.events.findLast(({ verdict }) => verdict !== 'on');
  if (last === undefined) return undefined;
  const chain = chainOf(run);
  const verdict = last.verdict === 'accept' ? 'accept' : 'drop';
  const { rules } = live.rules(run.namespace, run.family, run.table, last.handle);
  const found = last.kind === 'rule' ? rules.get(last.handle) : undefined;
  if (found === undefined) return { verdict, chain: last.chain };
  const { rule } = found;
  const known = station?.tables.find(({ table }) => table.family === run.family && table.name === run.table);
  const element = known && elementIn(known, chain, rule, packet);
  const by: Passed = { table: known?.table ?? tableOf(run), chain: last.chain, rule, ...(element !== undefined && { element }) };
  const nat = rule.statements.find(isNat);
  return { verdict: verdict === 'drop' && rejects(rule) ? 'reject' : verdict, by, chain: last.chain, ...(nat !== undefined && { nat }) };
}

const rejects = ({ statements, unknown }: Rule): boolean =>
  statements.some(({ kind }) => kind === 'reject') || (unknown !== undefined && /\breject\b/.test(unknown));

const isNat = (statement: Rule['statements'][number]): statement is Nat | { readonly kind: 'masquerade' } =>
  statement.kind === 'snat' || statement.kind === 'dnat' || statement.kind === 'masquerade';

/** The kernel does not tell which element of a set was met: what the rules as they should be say, if they come to the same rule. */
function elementIn({ table, evaluator }: RuledTable, chain: string, rule: Rule, packet: Packet): string | undefined {
  const base = table.chains.find(({ name }) => name === chain);
  const by = base && evaluator.decide(base, viewOf(packet)).by;
  return by?.rule.comment === rule.comment ? by.element : undefined;
}

/** Of a table that is none of the bottle's. */
const tableOf = ({ namespace, family, table }: Run): Table => ({
  kind: 'table',
  origin: [],
  namespace,
  family: family as Table['family'],
  name: table,
  chains: [],
  sets: [],
});
