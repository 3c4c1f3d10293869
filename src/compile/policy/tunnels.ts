/** The outer packets of overlays that a router is in: who is in an overlay gets what it carries, whatever the policy says of the router. */
import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Overlay } from '../../network/overlay/tunnel.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { match, type Statement, verdict } from '../../resource/ruleset/statement.ts';

export function tunnelRules({ segments }: Network, router: string, hook: 'input' | 'output'): readonly Rule[] {
  return segments.flatMap(({ overlay, origin }) => {
    const own = overlay?.endpoints.find(({ node }) => node === router);
    if (overlay === undefined || own === undefined) return [];
    const comment = commentOf([...origin, 'overlay']);
    const others = overlay.endpoints.filter(({ node }) => node !== router).map(({ address }) => address);
    const peers = hook === 'output' && overlay.group !== undefined ? [...others, overlay.group] : others;
    const tunnel = peers.length === 0 ? [] : [{ statements: [carried(overlay), peer(hook, peers), verdict('accept')], comment }];
    // By IGMP the switches hear of the group. Its twin for IPv6 is a part of neighbour discovery, which always passes.
    const joins = hook === 'output' && overlay.group?.family === 4;
    return [...tunnel, ...(joins ? [{ statements: [match('ip protocol', 'igmp'), verdict('accept')], comment }] : [])];
  });
}

const carried = ({ port }: Overlay): Statement => (port === undefined ? match('meta l4proto', 'gre') : match('udp dport', port));

function peer(hook: 'input' | 'output', addresses: readonly Address[]): Statement {
  const six = addresses[0]?.family === 6;
  const texts = addresses.map((address) => formatAddress(address));
  return hook === 'input' ? match(six ? 'ip6 saddr' : 'ip saddr', ...texts) : match(six ? 'ip6 daddr' : 'ip daddr', ...texts);
}
