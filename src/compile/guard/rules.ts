/** How the chains of guards are written. */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { counter, matchNot, matchSet, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import { GUARDED } from './sets.ts';

export type Rules = (...rules: readonly (readonly Statement[])[]) => readonly Rule[];

/** Rules that are there for all ports alike, with the same comment. */
export const rulesOf =
  (origin: Origin): Rules =>
  (...rules) =>
    rules.map((statements) => ({ statements, comment: commentOf(origin) }));

export const accept = verdict('accept');

/** Counted, so that it can be seen who was stopped by what. */
export const drop: readonly Statement[] = [counter, verdict('drop')];

export const dropGuarded: readonly Statement[] = [matchSet(['iifname'], GUARDED), ...drop];

/** The rest of the chain is for guarded ports alone. */
export const acceptUnguarded: readonly Statement[] = [
  { kind: 'match', fields: ['iifname'], operator: '!=', among: { set: GUARDED } },
  accept,
];

/** All but the first fragment of a datagram; of those there is no header of a transport protocol to be read. */
export const laterFragment = {
  // Fragment Offset (RFC 791), without the flags before it.
  4: matchNot('@nh,51,13', 0),
  6: matchNot('frag frag-off', 0),
} as const;
