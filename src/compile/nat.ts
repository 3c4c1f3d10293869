/** What the host does with packets of networks that it has a leg in: nftables of its own, one table a bottle. */
import { formatPrefix } from '../address/format.ts';
import type { Prefix } from '../address/ip.ts';
import type { Attachment, Network, Segment } from '../network/network.ts';
import { HOST } from '../resource/resource.ts';
import type { Table } from '../resource/table.ts';

type WithHost = Segment & { readonly attachment: Extract<Attachment, { readonly mode: 'host-only' | 'nat' | 'routed' }> };

export function compileHostTable(network: Network): readonly Table[] {
  const segments = network.segments.filter((segment): segment is WithHost => ['host-only', 'nat'].includes(segment.attachment.mode));
  if (segments.length === 0) return [];
  const body = [
    chain('forward', 'type filter hook forward priority filter; policy accept;', segments.flatMap(forwardRules)),
    chain('postrouting', 'type nat hook postrouting priority srcnat; policy accept;', segments.flatMap(natRules)),
  ].join('\n');
  return [{ kind: 'table', origin: segments[0]?.origin ?? [], namespace: HOST, family: 'inet', name: `netbottle-${network.name}`, body }];
}

const chain = (name: string, hook: string, rules: readonly string[]): string =>
  [`chain ${name} {`, ` ${hook}`, ...rules.map((rule) => ` ${rule}`), '}'].join('\n');

const comment = ({ origin }: Segment): string => `comment "${origin.join('.')}"`;

/** Nothing passes the host to or from a host-only network; into one behind NAT only answers do. */
function forwardRules(segment: WithHost): readonly string[] {
  const { device } = segment.attachment.host;
  if (segment.attachment.mode === 'host-only')
    return [`iifname "${device}" drop ${comment(segment)}`, `oifname "${device}" drop ${comment(segment)}`];
  return [`oifname "${device}" ct state established,related accept ${comment(segment)}`, `oifname "${device}" drop ${comment(segment)}`];
}

/** By source, because the networks behind routers of the bottle come in by the same device. */
function natRules(segment: WithHost): readonly string[] {
  if (segment.attachment.mode !== 'nat') return [];
  const { device, routes } = segment.attachment.host;
  const sources: readonly Prefix[] = [...segment.subnets, ...routes.map(({ to }) => to)];
  return ([4, 6] as const).flatMap((family) => {
    const prefixes = sources.filter((prefix) => prefix.family === family).map(formatPrefix);
    if (prefixes.length === 0) return [];
    return [`${family === 4 ? 'ip' : 'ip6'} saddr { ${prefixes.join(', ')} } oifname != "${device}" masquerade ${comment(segment)}`];
  });
}
