/**
 * Rules in a row that each only match and decide, all at once.
 *
 * One after the other, each would cut a little out of an ever more ragged rest. Here halves of the row are put
 * together, and halves of those, so that most operations are between small sets.
 */
import type { Rule } from '../../resource/ruleset/chain.ts';
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Diagram, Node } from './diagram.ts';
import { EMPTY } from './node-table.ts';

export type Fate = 'accept' | 'drop' | 'reject';

/** A rule, its fate, and packets that it would match if they came to it. */
export interface PlainRule {
  readonly rule: Rule;
  readonly fate: Fate;
  readonly wanted: Node;
}

/** What rules in a row decide of packets that come to the first of them. */
type Block = { readonly [F in Fate | 'all']: Node } & { readonly halves?: readonly [Block, Block] };

export interface Decided {
  readonly block: { readonly [F in Fate | 'all']: Node };
  /** Of each rule, the packets that it and none before it matches; empty unless asked for. */
  readonly matched: readonly Node[];
}

/** Its fate, if all that a rule does is to match and to decide. */
function fateOf({ statements, unknown }: Rule): Fate | undefined {
  const last = statements.at(-1);
  if (last === undefined || unknown !== undefined || !statements.slice(0, -1).every(isIdle)) return undefined;
  if (last.kind === 'reject') return 'reject';
  return last.kind === 'verdict' && (last.verdict === 'accept' || last.verdict === 'drop') ? last.verdict : undefined;
}

/** The plain rules that follow one another from here, with their fates. */
export function plainFrom(rules: readonly Rule[], from: number): readonly (readonly [Rule, Fate])[] {
  const plain: (readonly [Rule, Fate])[] = [];
  for (let index = from; index < rules.length; index++) {
    const rule = rules[index];
    const fate = rule && fateOf(rule);
    if (rule === undefined || fate === undefined) break;
    plain.push([rule, fate]);
  }
  return plain;
}

/** Statements that do nothing that a packet could notice: matches before and after them are one condition. */
export const isIdle = ({ kind }: Statement): boolean => kind === 'match' || kind === 'counter' || kind === 'log' || kind === 'maxseg';

export function decided(diagram: Diagram, rules: readonly PlainRule[], packets: Node, asksMatched: boolean): Decided {
  const block = blockOf(diagram, rules, 0, rules.length);
  const matched: Node[] = [];
  if (asksMatched) collectMatched(diagram, rules, block, 0, rules.length, [], packets, matched);
  return {
    block: {
      all: diagram.and(packets, block.all),
      accept: diagram.and(packets, block.accept),
      drop: diagram.and(packets, block.drop),
      reject: diagram.and(packets, block.reject),
    },
    matched,
  };
}

function blockOf(diagram: Diagram, rules: readonly PlainRule[], from: number, to: number): Block {
  const only = rules[from];
  if (only === undefined) return { all: EMPTY, accept: EMPTY, drop: EMPTY, reject: EMPTY };
  if (to - from === 1) return { all: only.wanted, accept: EMPTY, drop: EMPTY, reject: EMPTY, [only.fate]: only.wanted };
  const middle = (from + to) >> 1;
  const halves = [blockOf(diagram, rules, from, middle), blockOf(diagram, rules, middle, to)] as const;
  const [first, second] = halves;
  const either = (fate: Fate): Node => diagram.or(first[fate], diagram.diff(second[fate], first.all));
  const [accept, drop, reject] = [either('accept'), either('drop'), either('reject')];
  return { all: diagram.or(accept, diagram.or(drop, reject)), accept, drop, reject, halves };
}

/** @param before what blocks decide that stand before, the nearest one last */
function collectMatched(
  diagram: Diagram,
  rules: readonly PlainRule[],
  { halves }: Block,
  from: number,
  to: number,
  before: readonly Node[],
  packets: Node,
  matched: Node[],
): void {
  if (halves === undefined) {
    const wanted = diagram.and(rules[from]?.wanted ?? EMPTY, packets);
    matched[from] = before.reduceRight((left, other) => diagram.diff(left, other), wanted);
    return;
  }
  const middle = (from + to) >> 1;
  const [first, second] = halves;
  collectMatched(diagram, rules, first, from, middle, before, packets, matched);
  collectMatched(diagram, rules, second, middle, to, [...before, first.all], packets, matched);
}
