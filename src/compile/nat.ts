/** What the host does with packets of networks that it has a leg in: nftables of its own, one table a bottle. */
import { formatAddress } from '../address/format.ts';
import type { Prefix } from '../address/ip.ts';
import type { Attachment, Network, Segment } from '../network/network.ts';
import { HOST } from '../resource/resource.ts';
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import { match, matchNot, type Statement, verdict } from '../resource/ruleset/statement.ts';
import type { PrefixValue } from '../resource/ruleset/value.ts';
import type { Table } from '../resource/table.ts';

type WithHost = Segment & { readonly attachment: Extract<Attachment, { readonly mode: 'host-only' | 'nat' | 'routed' }> };

export function compileHostTable(network: Network): readonly Table[] {
  const segments = network.segments.filter((segment): segment is WithHost => ['host-only', 'nat'].includes(segment.attachment.mode));
  if (segments.length === 0) return [];
  const chains: readonly Chain[] = [
    {
      name: 'forward',
      hook: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' },
      rules: segments.flatMap(forwardRules),
    },
    {
      name: 'postrouting',
      hook: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' },
      rules: segments.flatMap(natRules),
    },
  ];
  return [
    {
      kind: 'table',
      origin: segments[0]?.origin ?? [],
      namespace: HOST,
      family: 'inet',
      name: `netbottle-${network.name}`,
      chains,
      sets: [],
    },
  ];
}

const rule = ({ origin }: Segment, ...statements: readonly Statement[]): Rule => ({ statements, comment: commentOf(origin) });

/** Nothing passes the host to or from a host-only network; into one behind NAT only answers do. */
function forwardRules(segment: WithHost): readonly Rule[] {
  const { device } = segment.attachment.host;
  if (segment.attachment.mode === 'host-only')
    return [rule(segment, match('iifname', device), verdict('drop')), rule(segment, match('oifname', device), verdict('drop'))];
  return [
    rule(segment, match('oifname', device), match('ct state', 'established', 'related'), verdict('accept')),
    rule(segment, match('oifname', device), verdict('drop')),
  ];
}

/** By source, because the networks behind routers of the bottle come in by the same device. */
function natRules(segment: WithHost): readonly Rule[] {
  if (segment.attachment.mode !== 'nat') return [];
  const { device, routes } = segment.attachment.host;
  const sources: readonly Prefix[] = [...segment.subnets, ...routes.map(({ to }) => to)];
  return ([4, 6] as const).flatMap((family) => {
    const prefixes = sources.filter((prefix) => prefix.family === family);
    if (prefixes.length === 0) return [];
    const source = match(family === 4 ? 'ip saddr' : 'ip6 saddr', ...prefixes.map(prefixValue));
    return [rule(segment, source, matchNot('oifname', device), { kind: 'masquerade' })];
  });
}

const prefixValue = (prefix: Prefix): PrefixValue => ({ prefix: formatAddress(prefix), length: prefix.length });
