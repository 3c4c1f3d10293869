/** A table as `nft -j list table` has it, in the words of rulesets. */
import { SOME_BITS } from '../../resource/ruleset/canonical-set.ts';
import type { Chain, Hook, Rule } from '../../resource/ruleset/chain.ts';
import type { DataType, RawPayload } from '../../resource/ruleset/field.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { parseSet } from './parse-set.ts';
import { parseStatement } from './parse-statement.ts';
import { all } from './parse-value.ts';

/** What nft says in text of what has no words: asked for only when there is such a thing. */
export interface Wording {
  rule(handle: number): string;
  /** Chains, sets and objects, by the words that they begin with. */
  block(head: string): string;
}

export type TableContent = Pick<Table, 'chains' | 'sets' | 'unknown'>;

export function parseTable(text: string, wording: Wording): TableContent {
  const listing: unknown = JSON.parse(text);
  const items = isObject(listing) && isArray(listing['nftables']) ? listing['nftables'].filter(isObject) : [];
  const chains = new Map<string, { readonly name: string; readonly hook?: Hook; readonly rules: Rule[] }>();
  const sets: NamedSet[] = [];
  const unknown: string[] = [];
  for (const item of items) {
    const [kind = ''] = Object.keys(item);
    const body = item[kind];
    if (!isObject(body) || kind === 'metainfo' || kind === 'table') continue;
    if (kind === 'rule') {
      chains.get(String(body['chain']))?.rules.push(parseRule(body, wording.rule));
      continue;
    }
    const chain = kind === 'chain' ? parseChain(body) : undefined;
    const set = kind === 'set' || kind === 'map' ? parseSet(body) : undefined;
    if (chain !== undefined) chains.set(chain.name, { ...chain, rules: [] });
    else if (set !== undefined) sets.push(set);
    else unknown.push(wording.block(`${kind} ${String(body['name'])}`));
  }
  const known = [...chains.values()];
  return { chains: known, sets: sets.map((set) => withBits(set, known)), ...(unknown.length === 0 ? {} : { unknown }) };
}

export function parseChain(body: JsonObject): Omit<Chain, 'rules'> | undefined {
  const { name, type, hook, prio, policy } = body;
  if (typeof name !== 'string') return undefined;
  if (type === undefined) return { name };
  if ('dev' in body || typeof prio !== 'number' || !isType(type) || !isHook(hook) || (policy !== 'accept' && policy !== 'drop'))
    return undefined;
  return { name, hook: { type, hook, priority: prio, policy } };
}

const isType = (type: unknown): type is Hook['type'] => type === 'filter' || type === 'nat' || type === 'route';

const HOOKS: readonly unknown[] = ['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting'] satisfies Hook['hook'][];
const isHook = (hook: unknown): hook is Hook['hook'] => HOOKS.includes(hook);

export function parseRule({ expr, comment, handle }: JsonObject, wording: Wording['rule']): Rule {
  const statements = isArray(expr) ? all(expr.map(parseStatement)) : undefined;
  const said = typeof comment === 'string' ? comment : '';
  return statements === undefined
    ? { statements: [], comment: said, unknown: wording(Number(handle)) }
    : { statements: statements.flat(), comment: said };
}

/** Which bits a key consists of is told by the rules that look it up. */
function withBits(set: NamedSet, chains: readonly Chain[]): NamedSet {
  if (!set.types.some((type) => type === SOME_BITS)) return set;
  const fields = chains.flatMap(({ rules }) =>
    rules.flatMap(({ statements }) => statements.flatMap((statement) => fieldsOf(statement, set.name))),
  );
  return { ...set, types: set.types.map((type, place): DataType => (type === SOME_BITS ? rawIn(fields[place]) : type)) };
}

const rawIn = (field: string | undefined): RawPayload => (field?.startsWith('@') === true ? (field as RawPayload) : SOME_BITS);

function fieldsOf(statement: Statement, set: string): readonly string[] {
  if (statement.kind === 'match') return 'set' in statement.among && statement.among.set === set ? statement.fields : [];
  if (statement.kind === 'vmap') return 'name' in statement.map && statement.map.name === set ? statement.fields : [];
  if (statement.kind !== 'snat' && statement.kind !== 'dnat') return [];
  return 'map' in statement.to && statement.to.map === set ? statement.to.fields : [];
}
