/** Rulesets followed rule by rule, as nf_tables_core.c of the kernel does it, for one packet. */
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import type { Field } from '../resource/ruleset/field.ts';
import type { NamedSet } from '../resource/ruleset/named-set.ts';
import type { Match, Nat, Statement } from '../resource/ruleset/statement.ts';
import type { Atom, Key } from '../resource/ruleset/value.ts';
import type { Verdict } from '../resource/ruleset/verdict.ts';
import type { Table } from '../resource/table.ts';
import { intervalOf } from './field-codes.ts';
import { type Lookup, lookupOf } from './lookup.ts';

/** What a packet has in a field; undefined where it has no such field: then no match on it holds, not even `!=`. */
export type PacketView = (field: Field) => bigint | undefined;

export interface Passed {
  readonly table: Table;
  readonly chain: string;
  readonly rule: Rule;
  /** The element that was found in the set or map that decided. */
  readonly element?: string;
}

export interface Decision {
  readonly verdict: 'accept' | 'drop' | 'reject';
  /** The rule that decided; absent where the policy of `chain` did. */
  readonly by?: Passed;
  readonly chain: string;
  /** What a NAT statement asks for. */
  readonly nat?: Nat | { readonly kind: 'masquerade' };
}

/** Where in the file the decision was written, as the comment of its element or rule; undefined where no line says it. */
export const commentOf = ({ by }: Decision): string | undefined => by?.element || by?.rule.comment || undefined;

/** nf_tables.h: NFT_JUMP_STACK_SIZE. */
const DEEPEST_JUMP = 16;

/** Evaluates chains of one table; what its sets hold is looked up by hash or search. */
export class TableEvaluator {
  readonly #table: Table;
  readonly #chains: ReadonlyMap<string, Chain>;
  readonly #sets: ReadonlyMap<string, NamedSet>;
  readonly #lookups = new Map<string, Lookup>();

  constructor(table: Table) {
    this.#table = table;
    this.#chains = new Map(table.chains.map((chain) => [chain.name, chain]));
    this.#sets = new Map(table.sets.map((set) => [set.name, set]));
  }

  /** What a base chain decides. */
  decide(chain: Chain, packet: PacketView): Decision {
    const decision = this.#run(chain, packet, 0);
    if (decision !== 'return') return decision;
    return { verdict: chain.hook?.policy ?? 'accept', chain: chain.name };
  }

  /** What a map has for the fields. */
  dataOf(fields: readonly Field[], map: string, packet: PacketView): readonly Atom[] | undefined {
    const codes = codesOf(fields, packet);
    const element = codes && this.#found(map, fields, codes);
    if (element === undefined) return undefined;
    if (!('value' in element)) throw new Error(`${map} is no map to values`);
    return element.value;
  }

  #run(chain: Chain, packet: PacketView, depth: number): Decision | 'return' {
    if (depth > DEEPEST_JUMP) throw new Error(`chains of table ${this.#table.name} jump deeper than ${DEEPEST_JUMP}`);
    for (const rule of chain.rules) {
      const outcome = this.#follow(chain, rule, packet, depth);
      if (outcome === 'next') continue;
      return outcome;
    }
    return 'return';
  }

  #follow(chain: Chain, rule: Rule, packet: PacketView, depth: number): Decision | 'return' | 'next' {
    if (rule.unknown !== undefined) throw new Error(`table ${this.#table.name} has a rule that is not understood: ${rule.unknown}`);
    const by: Passed = { table: this.#table, chain: chain.name, rule };
    for (const statement of rule.statements) {
      const reached = this.#reach(statement, packet);
      if (reached === 'broken') return 'next';
      if (reached === 'on') continue;
      if ('nat' in reached) return { verdict: 'accept', by, chain: chain.name, nat: reached.nat };
      if ('reject' in reached) return { verdict: 'reject', by, chain: chain.name };
      const passed = reached.element === undefined ? by : { ...by, element: reached.element };
      const outcome = this.#act(reached.verdict, chain, passed, packet, depth);
      if (outcome !== 'next') return outcome;
      return 'next';
    }
    return 'next';
  }

  #act(verdict: Verdict, chain: Chain, by: Passed, packet: PacketView, depth: number): Decision | 'return' | 'next' {
    if (verdict === 'continue') return 'next';
    if (verdict === 'return') return 'return';
    if (verdict === 'accept' || verdict === 'drop') return { verdict, by, chain: chain.name };
    const name = 'jump' in verdict ? verdict.jump : verdict.goto;
    const target = this.#chains.get(name);
    if (target === undefined) throw new Error(`table ${this.#table.name} has no chain ${name}`);
    const outcome = this.#run(target, packet, depth + 1);
    // What a chain entered by goto leaves open, the chain of whoever jumped here goes on with.
    if (outcome === 'return') return 'jump' in verdict ? 'next' : 'return';
    return 'by' in outcome && outcome.by !== undefined && outcome.by.element === undefined && by.element !== undefined
      ? { ...outcome, by: { ...outcome.by, element: by.element } }
      : outcome;
  }

  #reach(statement: Statement, packet: PacketView): Reached {
    switch (statement.kind) {
      case 'match':
        return this.#holds(statement, packet) ? 'on' : 'broken';
      case 'verdict':
        return { verdict: statement.verdict };
      case 'vmap': {
        const found = this.#lookup(statement.fields, statement.map, packet);
        return found ?? 'on';
      }
      case 'reject':
        return { reject: true };
      case 'snat':
      case 'dnat':
        return 'map' in statement.to && this.dataOf(statement.to.fields, statement.to.map, packet) === undefined
          ? 'broken'
          : { nat: statement };
      case 'masquerade':
        return { nat: statement };
      case 'counter':
      case 'log':
      case 'limit':
      case 'set':
      case 'notrack':
      case 'maxseg':
        return 'on';
    }
  }

  #holds({ fields, operator, among }: Match, packet: PacketView): boolean {
    const codes = codesOf(fields, packet);
    if (codes === undefined) return false;
    if (!('set' in among)) {
      if (operator === 'in') return among.some(([value]) => (flagsOf(fields[0], value) & (codes[0] ?? 0n)) !== 0n);
      return among.some((key) => meets(fields, key, codes)) === (operator === '==');
    }
    return (this.#found(among.set, fields, codes) !== undefined) === (operator !== '!=');
  }

  #lookup(
    fields: readonly Field[],
    map: { readonly name: string } | { readonly entries: readonly (readonly [Key, Verdict])[] },
    packet: PacketView,
  ): { readonly verdict: Verdict; readonly element?: string } | undefined {
    const codes = codesOf(fields, packet);
    if (codes === undefined) return undefined;
    if ('entries' in map) {
      const entry = map.entries.find(([key]) => meets(fields, key, codes));
      return entry && { verdict: entry[1] };
    }
    const element = this.#found(map.name, fields, codes);
    if (element === undefined) return undefined;
    if (!('verdict' in element)) throw new Error(`${map.name} is no verdict map`);
    return { verdict: element.verdict, element: element.comment };
  }

  #found(name: string, fields: readonly Field[], codes: readonly bigint[]) {
    const set = this.#sets.get(name);
    if (set === undefined) throw new Error(`table ${this.#table.name} has no set ${name}`);
    // The same set may be asked with other fields, whose symbols differ.
    const key = `${name} ${fields.join(' . ')}`;
    let lookup = this.#lookups.get(key);
    if (lookup === undefined) {
      lookup = lookupOf(set, fields);
      this.#lookups.set(key, lookup);
    }
    return lookup(codes);
  }
}

type Reached =
  | 'on'
  | 'broken'
  | { readonly verdict: Verdict; readonly element?: string }
  | { readonly reject: true }
  | { readonly nat: Nat | { readonly kind: 'masquerade' } };

/** Undefined where the packet lacks one of the fields. */
function codesOf(fields: readonly Field[], packet: PacketView): readonly bigint[] | undefined {
  const codes: bigint[] = [];
  for (const field of fields) {
    const code = packet(field);
    if (code === undefined) return undefined;
    codes.push(code);
  }
  return codes;
}

const flagsOf = (field: Field | undefined, value: Key[number] | undefined): bigint =>
  field === undefined || value === undefined ? 0n : intervalOf(field, value).from;

function meets(fields: readonly Field[], key: Key, codes: readonly bigint[]): boolean {
  return fields.every((field, place) => {
    const value = key[place];
    if (value === undefined) return false;
    const { from, to } = intervalOf(field, value);
    const code = codes[place] ?? 0n;
    return from <= code && code <= to;
  });
}
