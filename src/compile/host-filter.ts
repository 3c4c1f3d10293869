/** What the host lets pass to and from networks that it has a leg in, before any policy. */
import type { Network } from '../network/network.ts';
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import type { NamedSet, VerdictSet } from '../resource/ruleset/named-set.ts';
import { match, type Statement, verdict } from '../resource/ruleset/statement.ts';
import type { Verdict } from '../resource/ruleset/verdict.ts';
import { type Fragment, nothing } from './fragment.ts';
import { hostLegsOf, type WithHost } from './host-legs.ts';

/**
 * Nothing passes the host to or from a host-only network. Into one behind NAT only answers do, and what is forwarded; but
 * where there is a policy, that is for it to say.
 */
export function compileHostFilter(network: Network): Fragment {
  const legs = hostLegsOf(network);
  const closed = legs.filter(({ attachment }) => attachment.mode === 'host-only');
  const hidden = network.policy === undefined ? legs.filter(({ attachment }) => attachment.mode === 'nat') : [];
  if (closed.length + hidden.length === 0) return nothing;
  const into = verdicts('into', [
    ...closed.map((leg) => [leg, 'drop'] as const),
    ...hidden.map((leg) => [leg, { jump: 'answers' }] as const),
  ]);
  const outOf = verdicts(
    'out-of',
    closed.map((leg) => [leg, 'drop'] as const),
  );
  const first = closed[0] ?? hidden[0];
  const comment = commentOf(first?.origin ?? ['networks']);
  const rule = (...statements: readonly Statement[]): Rule => ({ statements, comment });
  const answers: Chain = {
    name: 'answers',
    rules: [
      rule(match('ct state', 'established', 'related'), verdict('accept')),
      rule({ kind: 'match', fields: ['ct status'], operator: 'in', among: [['dnat']] }, verdict('accept')),
      rule(verdict('drop')),
    ],
  };
  const forward: Chain = {
    name: 'host-networks',
    // Before the policy's: of two chains with the same priority, the kernel asks first whichever was made last.
    hook: { type: 'filter', hook: 'forward', priority: -1, policy: 'accept' },
    rules: [
      ...(closed.length === 0 ? [] : [rule({ kind: 'vmap', fields: ['iifname'], map: { name: outOf.name } })]),
      rule({ kind: 'vmap', fields: ['oifname'], map: { name: into.name } }),
    ],
  };
  const sets: readonly NamedSet[] = closed.length === 0 ? [into] : [into, outOf];
  return { chains: hidden.length === 0 ? [forward] : [answers, forward], sets };
}

const verdicts = (name: string, entries: readonly (readonly [WithHost, Verdict])[]): VerdictSet => ({
  kind: 'verdict-map',
  name,
  types: ['ifname'],
  interval: false,
  counter: false,
  elements: entries.map(([{ attachment, origin }, verdict]) => ({ key: [attachment.host.device], verdict, comment: commentOf(origin) })),
});
