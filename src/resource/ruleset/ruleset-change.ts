/** What differs between two states of a table, part by part. */
import { ruleText } from './canonical-rule.ts';
import { elementTexts, SOME_BITS, sameDefinition } from './canonical-set.ts';
import type { Chain } from './chain.ts';
import type { NamedSet } from './named-set.ts';

export interface Ruleset {
  readonly family: 'inet' | 'ip' | 'ip6' | 'bridge';
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
}

export interface ChainChange {
  readonly name: string;
  readonly before?: Chain;
  readonly after?: Chain;
  /** Where it is hooked in, or whether at all. */
  readonly hook: boolean;
  readonly policy: boolean;
  readonly rules: boolean;
}

export type Element = NamedSet['elements'][number];

export interface SetChange {
  readonly name: string;
  readonly before?: NamedSet;
  readonly after?: NamedSet;
  /** What it can hold. */
  readonly definition: boolean;
  /** Elements that are no longer there, or lead elsewhere. */
  readonly gone: readonly Element[];
  readonly come: readonly Element[];
}

export interface RulesetChange {
  readonly chains: readonly ChainChange[];
  readonly sets: readonly SetChange[];
}

const latest = new WeakMap<Ruleset, { readonly after: Ruleset; readonly change: RulesetChange }>();

/** What becomes of a table is asked by who plans, who does it and who ends connections: found out once. */
export function rulesetChange(before: Ruleset, after: Ruleset): RulesetChange {
  const known = latest.get(before);
  if (known?.after === after) return known.change;
  const change = before === after ? { chains: [], sets: [] } : changeOf(before, after);
  latest.set(before, { after, change });
  return change;
}

function changeOf(before: Ruleset, after: Ruleset): RulesetChange {
  return {
    chains: pairs(before.chains, after.chains).flatMap(([name, old, wanted]) => chainChange(after.family, name, old, wanted)),
    sets: pairs(before.sets, after.sets).flatMap(([name, old, wanted]) => setChange(name, old, wanted)),
  };
}

function pairs<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): (readonly [string, T | undefined, T | undefined])[] {
  const [old, wanted] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...wanted.keys()])].map((name) => [name, old.get(name), wanted.get(name)] as const);
}

const byName = <T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [one.name, one]));

const hookText = ({ hook }: Chain): string => (hook === undefined ? '' : `${hook.type} ${hook.hook} ${hook.priority}`);

/** As texts that are equal for rules that are: of the family, what each says and its comment. */
export const ruleTexts = ({ rules }: Chain, family: Ruleset['family']): readonly string[] =>
  rules.map((rule) => `${ruleText(rule, family)} # ${rule.comment}`);

function chainChange(family: Ruleset['family'], name: string, before?: Chain, after?: Chain): readonly ChainChange[] {
  if (before === undefined || after === undefined) {
    return [{ name, ...(before && { before }), ...(after && { after }), hook: true, policy: true, rules: true }];
  }
  const hook = hookText(before) !== hookText(after);
  const policy = before.hook?.policy !== after.hook?.policy;
  const rules = ruleTexts(before, family).join('\n') !== ruleTexts(after, family).join('\n');
  return hook || policy || rules ? [{ name, before, after, hook, policy, rules }] : [];
}

function setChange(name: string, before?: NamedSet, after?: NamedSet): readonly SetChange[] {
  if (before === undefined || after === undefined || !sameDefinition(before, after)) {
    const [gone, come] = [before?.elements ?? [], after?.elements ?? []];
    return [{ name, ...(before && { before }), ...(after && { after }), definition: true, gone, come }];
  }
  const [old, wanted] = [elementTexts(before), elementTexts(after)];
  const gone = missing(before, old, wanted);
  const come = missing(after, wanted, old);
  if (gone.length + come.length === 0) return [];
  // Of how many bits its keys are is not known.
  const definition = before.types.includes(SOME_BITS);
  return [{ name, before, after, definition, gone, come: definition ? after.elements : come }];
}

/** Elements of a set that the other has not, or has otherwise. Both have the texts in the order of their elements. */
function missing(set: NamedSet, own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly Element[] {
  const keys = [...own];
  return set.elements.filter((_, place) => {
    const [key, text] = keys[place] ?? ['', ''];
    return other.get(key) !== text;
  });
}
