/** The changes of a table in words: each rule by its chain and comment, each element by its set. */
import type { Difference } from '../kind.ts';
import type { Chain, Rule } from './chain.ts';
import { type ChainChange, type Element, type Ruleset, rulesetChange, ruleTexts, type SetChange } from './ruleset-change.ts';

/** Of one set, more elements than this are counted instead of named. */
const NAMED = 5;

const difference = (field: string, before: string, after: string): Difference => ({ field, before, after, effect: 'live' });

const come = (what: string): Difference => difference(what, 'missing', 'there');
const gone = (what: string): Difference => difference(what, 'there', 'gone');

/** All of them are live: no packet sees half of a change. */
export function rulesetDifferences(before: Ruleset & { readonly unknown?: readonly string[] }, after: Ruleset): readonly Difference[] {
  const { chains, sets } = rulesetChange(before, after);
  return [
    ...(before.unknown ?? []).map((text) => gone(text.split('\n')[0] ?? '')),
    ...chains.flatMap((change) => ofChain(change, after.family)),
    ...sets.flatMap(ofSet),
  ];
}

function ofChain({ name, before, after, hook, policy, rules }: ChainChange, family: Ruleset['family']): readonly Difference[] {
  if (before === undefined) return [come(`chain ${name}`)];
  if (after === undefined) return [gone(`chain ${name}`)];
  return [
    ...(hook ? [difference(`hook of chain ${name}`, hookText(before), hookText(after))] : []),
    ...(policy && !hook ? [difference(`policy of chain ${name}`, before.hook?.policy ?? '', after.hook?.policy ?? '')] : []),
    ...(rules ? ofRules(before, after, family) : []),
  ];
}

const hookText = ({ hook }: Chain): string => (hook === undefined ? 'none' : `${hook.hook} ${hook.priority}`);

/** A rule that went and one of the same comment that came are one that is changed. */
function ofRules(before: Chain, after: Chain, family: Ruleset['family']): readonly Difference[] {
  const [old, wanted] = [ruleTexts(before, family), ruleTexts(after, family)];
  const going = without(before.rules, old, wanted);
  const coming = without(after.rules, wanted, old);
  if (going.length + coming.length === 0) return [difference(`order of the rules of chain ${after.name}`, 'another', 'that of the file')];
  const changed = coming.filter(({ comment }) => going.some((rule) => rule.comment === comment));
  const comments = new Set(changed.map(({ comment }) => comment));
  const rule = ({ comment }: Rule): string => `rule ${comment === '' ? 'without a comment' : comment} in chain ${after.name}`;
  return [
    ...[...comments].map((comment) => difference(`rule ${comment} in chain ${after.name}`, 'changed', 'as the file says')),
    ...going.filter(({ comment }) => !comments.has(comment)).map((one) => gone(rule(one))),
    ...coming.filter(({ comment }) => !comments.has(comment)).map((one) => come(rule(one))),
  ];
}

/** The rules that the other chain has not, or not as many times. */
function without(rules: readonly Rule[], texts: readonly string[], other: readonly string[]): readonly Rule[] {
  const left = new Map<string, number>();
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
  return rules.filter((_, place) => {
    const text = texts[place] ?? '';
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}

function ofSet({ name, before, after, definition, gone: going, come: coming }: SetChange): readonly Difference[] {
  if (before === undefined) return [come(`set ${name}`)];
  if (after === undefined) return [gone(`set ${name}`)];
  if (definition) return [difference(`type of set ${name}`, 'another', 'that of the file')];
  return [...some(going, name, gone), ...some(coming, name, come)];
}

function some(elements: readonly Element[], set: string, say: (what: string) => Difference): readonly Difference[] {
  const named = elements.slice(0, NAMED).map((element) => say(`element ${elementName(element)} of set ${set}`));
  return elements.length <= NAMED ? named : [...named, say(`${elements.length - NAMED} more elements of set ${set}`)];
}

const elementName = ({ key, comment }: Element): string =>
  key
    .map((value) => {
      if (typeof value !== 'object') return String(value);
      return 'prefix' in value ? `${value.prefix}/${value.length}` : `${value.from}-${value.to}`;
    })
    .join(' . ') + (comment === '' ? '' : ` (${comment})`);
