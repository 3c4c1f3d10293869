/** What nft has to be told to take a table from one state to another in one transaction, touching only what differs. */
import type { Chain } from '../../resource/ruleset/chain.ts';
import { intervalOf } from '../../resource/ruleset/interval.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import {
  type ChainChange,
  type Element,
  type RulesetChange,
  rulesetChange,
  type SetChange,
} from '../../resource/ruleset/ruleset-change.ts';
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import { elementsText, hookText, ruleText, setHeadText, tableText } from './print-table.ts';
import { keyText } from './print-value.ts';

/** Adding first makes deleting safe where there is none; packets see the end of the transaction only. */
export const exchange = (table: Table, mark: string): string => `${removal(table)}\n${tableText(table, mark)}`;

export const removal = ({ family, name }: Table): string => `add table ${family} ${name}\ndelete table ${family} ${name}`;

/** Empty where nothing differs; undefined where the table has to be exchanged as a whole. */
export function transition(before: Table, after: Table): string | undefined {
  const change = rulesetChange(before, after);
  if ((before.unknown ?? []).length > 0 || (after.unknown ?? []).length > 0 || change.chains.some(becomesAnother)) return undefined;
  const sets = change.sets.map((set) => (set.gone.some((element) => isLast(set, element)) ? anew(set) : set));
  return [...new Steps(before, after, { ...change, sets }).lines()].join('\n');
}

/** nft 1.0.6 deletes no interval of a map that is nothing but the highest value, and says that it did. */
function isLast({ before }: SetChange, { key: [value] }: Element): boolean {
  const [type, ...others] = before?.types ?? [];
  if (before?.interval !== true || type === undefined || value === undefined || others.length > 0) return false;
  const interval = intervalOf(value, type);
  return interval !== undefined && /^(1{16}|1{32}|1{48}|1{128})$/.test(interval.to.toString(2));
}

const anew = (set: SetChange): SetChange => ({ ...set, definition: true, gone: [], come: set.after?.elements ?? [] });

/** A chain that packets come through by themselves cannot be jumped to, and the other way round. */
const becomesAnother = ({ before, after }: ChainChange): boolean =>
  before !== undefined && after !== undefined && (before.hook === undefined) !== (after.hook === undefined);

class Steps {
  readonly #where: string;
  readonly #after: Table;
  readonly #sets: readonly SetChange[];
  /** Chains that are emptied and filled again, or that go. */
  readonly #chains: readonly ChainChange[];

  constructor(before: Table, after: Table, { chains, sets }: RulesetChange) {
    this.#where = `${after.family} ${after.name}`;
    this.#after = after;
    this.#sets = sets;
    const anew = new Set(sets.filter(({ definition }) => definition).map(({ name }) => name));
    const changed = new Set(chains.map(({ name }) => name));
    const wanted = new Map(after.chains.map((chain) => [chain.name, chain]));
    // A set can go only when no rule refers to it.
    const referring = before.chains.flatMap((chain): readonly ChainChange[] => {
      const next = wanted.get(chain.name);
      return next !== undefined && !changed.has(chain.name) && refersTo(chain, anew)
        ? [{ name: chain.name, before: chain, after: next, hook: false, policy: false, rules: true }]
        : [];
    });
    this.#chains = [
      ...chains.map((one) => (one.before !== undefined && refersTo(one.before, anew) ? { ...one, rules: true } : one)),
      ...referring,
    ];
  }

  /** In an order in which nothing is removed that something refers to, nor referred to that is not there. */
  *lines(): Iterable<string> {
    const where = this.#where;
    for (const { name, before, rules } of this.#chains) if (before !== undefined && rules) yield `flush chain ${where} ${name}`;
    for (const set of this.#sets) yield* this.#less(set);
    for (const { name, before, after, hook } of this.#chains)
      if (before !== undefined && (after === undefined || hook)) yield `delete chain ${where} ${name}`;
    for (const { name, before, after, hook, policy } of this.#chains) {
      if (after === undefined) continue;
      if (before === undefined || hook || policy) yield `add chain ${where} ${name}${headText(after)}`;
    }
    for (const set of this.#sets) yield* this.#more(set);
    for (const { name, after, rules, hook } of this.#chains) {
      if (after === undefined || !(rules || hook)) continue;
      for (const rule of after.rules) yield `add rule ${where} ${name} ${ruleText(rule, this.#after.family)}`;
    }
  }

  *#less({ name, before, definition, gone }: SetChange): Iterable<string> {
    if (before === undefined) return;
    if (definition) yield `delete ${wordOf(before)} ${this.#where} ${name}`;
    else if (gone.length > 0)
      yield `delete element ${this.#where} ${name} { ${gone.map(({ key }) => keyText(key, before.types)).join(',\n')} }`;
  }

  *#more({ name, after, definition, come }: SetChange): Iterable<string> {
    if (after === undefined) return;
    if (definition) yield `add ${wordOf(after)} ${this.#where} ${name} { ${setHeadText(after).join('; ')}; }`;
    if (come.length > 0) yield `add element ${this.#where} ${name} { ${elementsText(withElements(after, come)).join(',\n')} }`;
  }
}

const wordOf = ({ kind }: NamedSet): string => (kind === 'set' ? 'set' : 'map');

const headText = (chain: Chain): string => (chain.hook === undefined ? '' : ` { ${hookText(chain.hook)} }`);

/** The elements are some of the set's own. */
const withElements = (set: NamedSet, elements: readonly Element[]): NamedSet => ({ ...set, elements }) as NamedSet;

const refersTo = ({ rules }: Chain, sets: ReadonlySet<string>): boolean =>
  rules.some(({ statements, unknown }) => unknown !== undefined || statements.some((statement) => sets.has(setIn(statement) ?? '')));

function setIn(statement: Statement): string | undefined {
  if (statement.kind === 'match') return 'set' in statement.among ? statement.among.set : undefined;
  if (statement.kind === 'vmap') return 'name' in statement.map ? statement.map.name : undefined;
  return (statement.kind === 'snat' || statement.kind === 'dnat') && 'map' in statement.to ? statement.to.map : undefined;
}
