/** What becomes of packets: the verdicts of a policy in the order in which they count, and how nftables carries them out. */

import type { Origin } from '../../diagnostic/diagnostic.ts';
import { hash } from '../../network/hash.ts';
import type { Policy } from '../../network/policy/policy-line.ts';
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import { match, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import type { Fragment } from '../fragment.ts';

/** Of nfnetlink_log: the kernel's own log is silent in namespaces. */
const LOG_GROUP = 2;

export interface Outcome {
  readonly action: 'allow' | 'drop' | 'reject';
  readonly log: boolean;
}

/** Whoever denies wins, and of those who do, who is silent; what is to be logged is, even if others say the same. */
export const outcomes: readonly Outcome[] = (['drop', 'reject', 'allow'] as const).flatMap((action) => [
  { action, log: true },
  { action, log: false },
]);

const REFUSE = 'refuse';

const plain = ({ action }: Pick<Outcome, 'action'>): Verdict =>
  action === 'allow' ? 'accept' : action === 'drop' ? 'drop' : { goto: REFUSE };

/** By text: a line keeps its chain whatever is written around it. */
const logChain = (text: string): string => `log-${hash(text).low.toString(16).padStart(8, '0')}`;

export const verdictOf = (outcome: Outcome, text: string): Verdict => (outcome.log ? { goto: logChain(text) } : plain(outcome));

/** The chains that the verdicts of these rules and maps lead to. */
export function verdictChains(bottle: string, { lines, otherwise }: Policy, { chains, sets }: Fragment): readonly Chain[] {
  const wanted = new Set([
    ...chains.flatMap(({ rules }) => rules.flatMap(({ statements }) => targetsOf(statements))),
    ...sets.flatMap(mapTargets),
  ]);
  const logs = [...lines, { ...otherwise, text: OTHERWISE }]
    .filter(({ log, text }) => log && wanted.has(logChain(text)))
    .map(({ text, action, origin }): Chain => ({ name: logChain(text), rules: [logRule(bottle, text, action, origin)] }));
  const refuses = wanted.has(REFUSE) || logs.some(({ rules }) => rules.some(({ statements }) => targetsOf(statements).includes(REFUSE)));
  const rejects = [...lines, otherwise].find(({ action }) => action === 'reject');
  return [...(refuses && rejects !== undefined ? [{ name: REFUSE, rules: refusals(commentOf(rejects.origin)) }] : []), ...logs];
}

const targetOf = (to: Verdict): readonly string[] => (typeof to === 'object' && 'goto' in to ? [to.goto] : []);

const targetsOf = (statements: readonly Statement[]): readonly string[] =>
  statements.flatMap((statement) => (statement.kind === 'verdict' ? targetOf(statement.verdict) : []));

const mapTargets = (set: NamedSet): readonly string[] =>
  set.kind === 'verdict-map' ? set.elements.flatMap((element) => targetOf(element.verdict)) : [];

export const OTHERWISE = 'otherwise';

/** `corp hub -> jump: allow `; the kernel keeps 127 bytes. */
function logRule(bottle: string, text: string, action: Outcome['action'], origin: Origin): Rule {
  const said = `${bottle} ${text}`.replaceAll('"', "'").slice(0, 100);
  const log: Statement = { kind: 'log', prefix: `${said}: ${action} `, group: LOG_GROUP };
  return { statements: [log, verdict(plain({ action }))], comment: commentOf(origin) };
}

/** A connection is refused as by a closed port; all else learns that it was forbidden (RFC 1812, 5.2.7.1; RFC 4443, 3.1). */
const refusals = (comment: string): readonly Rule[] => [
  { statements: [match('meta l4proto', 'tcp'), { kind: 'reject', with: 'tcp reset' }], comment },
  { statements: [{ kind: 'reject', with: 'admin-prohibited' }], comment },
];
