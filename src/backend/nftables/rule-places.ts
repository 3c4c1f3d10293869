/** Which rule a handle is of, and where chains are hooked in: what nf_tables tells of packets names rules by their handles. */
import type { Hook, Rule } from '../../resource/ruleset/chain.ts';
import { isArray, isObject } from './json.ts';
import { JSON_OUTPUT, NUMERIC_PROTOCOLS, nft, STATELESS, TERSE } from './libnftables.ts';
import { wordingOf } from './listing.ts';
import { parseChain, parseRule } from './parse-table.ts';

export interface RulePlaces {
  /** Base chains. */
  readonly hooks: ReadonlyMap<string, Hook>;
  readonly rules: ReadonlyMap<number, { readonly chain: string; readonly rule: Rule }>;
}

/** Of a table of the namespace that the thread is in, whosever it is. Rules without a comment have nft's words for one. */
export function rulePlacesHere(family: string, table: string): RulePlaces {
  const listing: unknown = JSON.parse(nft(`list table ${family} ${table}`, JSON_OUTPUT | STATELESS | NUMERIC_PROTOCOLS | TERSE));
  const items = isObject(listing) && isArray(listing['nftables']) ? listing['nftables'].filter(isObject) : [];
  const { rule: wording } = wordingOf(family, table);
  const hooks = new Map<string, Hook>();
  const rules = new Map<number, { readonly chain: string; readonly rule: Rule }>();
  for (const { chain, rule: body } of items) {
    const known = isObject(chain) ? parseChain(chain) : undefined;
    if (known?.hook !== undefined) hooks.set(known.name, known.hook);
    if (!isObject(body)) continue;
    const rule = parseRule(body, wording);
    const handle = Number(body['handle']);
    rules.set(handle, { chain: String(body['chain']), rule: rule.comment === '' ? { ...rule, comment: wording(handle) } : rule });
  }
  return { hooks, rules };
}
