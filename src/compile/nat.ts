/** Source NAT: of routers, where the file asks for it, and of the host for `nat` networks. */
import { formatAddress } from '../address/format.ts';
import type { Family, Prefix } from '../address/ip.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { SourceNat } from '../network/nat/translation.ts';
import type { Network, Node } from '../network/network.ts';
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import { match, matchNot, type Statement, verdict } from '../resource/ruleset/statement.ts';
import type { PrefixValue } from '../resource/ruleset/value.ts';
import { type Fragment, nothing } from './fragment.ts';
import { hostLegsOf, type WithHost } from './host-legs.ts';
import { loopbackNat } from './loopback.ts';

const families = [4, 6] as const;
const words = {
  4: { nat: 'ip', saddr: 'ip saddr', daddr: 'ip daddr' },
  6: { nat: 'ip6', saddr: 'ip6 saddr', daddr: 'ip6 daddr' },
} as const;

export function compileRouterNat(router: Node, forwarding: boolean): Fragment {
  const rules = router.nat.flatMap((nat) => {
    const device = router.interfaces.find(({ segment }) => segment === nat.segment)?.device;
    return device === undefined ? [] : families.flatMap((family) => translation(nat, family, [match('oifname', device)]));
  });
  const devices = router.interfaces.map(({ device }) => device);
  return chainOf([...(forwarding ? hairpin(devices, ['forwards']) : []), ...rules]);
}

/** By source, because the networks behind routers of the bottle come in by the same device. */
export function compileHostNat(network: Network, forwarding: boolean): Fragment {
  const legs = hostLegsOf(network);
  const rules = legs.flatMap((segment) => (segment.attachment.mode === 'nat' ? natNetwork(segment) : []));
  return chainOf([
    ...(forwarding
      ? hairpin(
          legs.map(({ attachment }) => attachment.host.device),
          ['forwards'],
        )
      : []),
    ...loopbackNat(network),
    ...rules,
  ]);
}

function natNetwork(segment: WithHost): readonly Rule[] {
  const { device, routes } = segment.attachment.host;
  const nat = segment.nat ?? { segment: segment.name, to: [], except: [], origin: segment.origin };
  const sources: readonly Prefix[] = [...segment.subnets, ...routes.map(({ to }) => to)];
  return families.flatMap((family) => {
    const prefixes = sources.filter((prefix) => prefix.family === family).map(prefixValue);
    if (prefixes.length === 0) return [];
    return translation(nat, family, [match(words[family].saddr, ...prefixes), matchNot('oifname', device)]);
  });
}

/** What goes out of where it came in has to come back the same way, and its answer too: the sender would not know the answer. */
function hairpin(devices: readonly string[], origin: Origin): readonly Rule[] {
  if (devices.length === 0) return [];
  const twice: Statement = {
    kind: 'match',
    fields: ['iifname', 'oifname'],
    operator: '==',
    among: devices.map((device) => [device, device]),
  };
  const translated: Statement = { kind: 'match', fields: ['ct status'], operator: 'in', among: [['dnat']] };
  return [{ statements: [twice, translated, { kind: 'masquerade' }], comment: commentOf(origin) }];
}

function translation(nat: SourceNat, family: Family, where: readonly Statement[]): readonly Rule[] {
  const comment = commentOf(nat.origin);
  const { saddr, daddr, nat: word } = words[family];
  const except = nat.except.filter((prefix) => prefix.family === family).map(prefixValue);
  const address = nat.to.find((one) => one.family === family);
  const ofFamily = where.some((statement) => statement.kind === 'match' && statement.fields[0] === saddr)
    ? where
    : [match('meta nfproto', family === 4 ? 'ipv4' : 'ipv6'), ...where];
  return [
    ...(except.length === 0
      ? []
      : [saddr, daddr].map((field) => ({ statements: [...where, match(field, ...except), verdict('accept')], comment }))),
    {
      statements: [
        ...ofFamily,
        address === undefined ? { kind: 'masquerade' } : { kind: 'snat', family: word, to: { address: formatAddress(address) } },
      ],
      comment,
    },
  ];
}

function chainOf(rules: readonly Rule[]): Fragment {
  if (rules.length === 0) return nothing;
  const chain: Chain = { name: 'source-nat', hook: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' }, rules };
  return { chains: [chain], sets: [] };
}

const prefixValue = (prefix: Prefix): PrefixValue => ({ prefix: formatAddress(prefix), length: prefix.length });
