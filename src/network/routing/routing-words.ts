/** What `ospf:` and `bgp:` of routers have in common. */

import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../network.ts';
import { type HostDraft, listed } from '../nodes.ts';
import { listOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import type { Context } from './speakers.ts';

/** Refuses names of networks that a router is not in. */
export function checkOwn(
  node: HostDraft,
  words: string | readonly string[] | undefined,
  place: Origin,
  { names, report }: Pick<Context, 'names' | 'report'>,
): void {
  const own = node.legs.map((leg) => leg.segment);
  const remedy = own.length === 0 ? 'Put it in a network first.' : `\`${node.name}\` is in ${listed(own)}.`;
  const isMap = place.at(-1) === 'cost';
  for (const [index, name] of listOf(words).entries()) {
    if (own.includes(name)) continue;
    const at = isMap ? 'key' : 'value';
    const origin = isMap ? [...place, name] : typeof words === 'string' ? place : [...place, index];
    if (names.segments.has(name))
      report.error('routing-elsewhere', origin, `\`${node.name}\` is not in \`${name}\`: it tells nobody of it`, { at, remedy });
    else report.error('unknown-network', origin, `there is no network \`${name}\``, { at, remedy: names.didYouMean(name, own, remedy) });
  }
}

/** Whether those that announce a default route have one, once all routes are known. */
export function checkDefaults(network: Network, report: Report): void {
  for (const { name, ospf, bgp, routes } of network.nodes) {
    const speaks = ospf ?? bgp;
    if (speaks?.default !== true) continue;
    if (routes.some(({ to, type }) => to.length === 0 && type === 'unicast')) continue;
    report.warn('routing-without-default', [...speaks.origin, 'default'], `\`${name}\` has no default route that it could announce`, {
      remedy: `Leave \`default\` out, or give \`${name}\` a \`gateway:\`.`,
    });
  }
}
