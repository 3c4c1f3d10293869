import type { Chain } from '../../resource/ruleset/chain.ts';
import { match, matchNot, matchSet, type Statement, verdict, vmap } from '../../resource/ruleset/statement.ts';
import type { RangeValue } from '../../resource/ruleset/value.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import type { GuardedPort } from './ports.ts';
import { accept, acceptUnguarded, drop, laterFragment, type Rules } from './rules.ts';
import { MACS, ROUTED, routedFamilies } from './sets.ts';

export const source6 = (set: string): readonly Statement[] => [matchSet(['iifname', 'ether saddr', 'ip6 saddr'], set)];

/** As bits: under its name nft would check again that this is IPv6. */
const NEXT_HEADER = '@nh,48,8';

/** True of every packet that is long enough for the bits to be read. */
const ANY: RangeValue = { from: 0, to: 0xffff };
const checksumOfIcmp = match('@th,16,16', ANY);
const lastOfUdp = match('@th,48,16', ANY);
const lastOfTcp = match('@th,144,16', ANY);

/**
 * Extension headers that the kernel does not look behind, with the next header in their first byte: authentication
 * (RFC 4302), mobility (RFC 6275), HIP (RFC 7401), shim6 (RFC 5533).
 */
const OPAQUE = ['ah', 135, 139, 140];

/** Next headers that are not let through unseen: what is filtered elsewhere, and further extension headers. */
const UNSEEN = [0, 17, 41, 43, 44, 51, 58, 60, 135, 139, 140];

/** What only routers say: RFC 2710, 4861, 2894, 3971, 4286. */
const OF_ROUTERS: readonly (readonly [string | number, Verdict])[] = [
  'mld-listener-query',
  'nd-router-advert',
  'nd-redirect',
  'router-renumbering',
  149,
  151,
  153,
].map((type) => [type, { goto: 'refused' }]);

/** RFC 6980: with extension headers in front, or in fragments, these are nobody's. */
const NEIGHBOUR_DISCOVERY: readonly (readonly [string, Verdict])[] = ['nd-router-solicit', 'nd-neighbor-solicit', 'nd-neighbor-advert'].map(
  (type) => [type, { goto: 'refused' }],
);

export const ipv6Chains = (rules: Rules, ports: readonly GuardedPort[]): readonly Chain[] => [
  {
    name: 'ipv6',
    rules: rules(
      ...(routedFamilies(ports).includes(6) ? [[...source6(ROUTED[6]), verdict({ goto: 'ipv6-own' })]] : []),
      acceptUnguarded,
      [match('ip6 saddr', '::'), matchSet(['iifname', 'ether saddr'], MACS), verdict({ goto: 'ipv6-unspecified' })],
      drop,
    ),
  },
  {
    name: 'ipv6-own',
    rules: rules(
      // Without extension headers. Comparing is faster than a lookup; a server's answer comes from port 547 (RFC 8415).
      [match(NEXT_HEADER, 6), accept],
      [match(NEXT_HEADER, 17), matchNot('th sport', 547), accept],
      [
        vmap(NEXT_HEADER, [
          [17, { goto: 'refused' }],
          [58, { goto: 'ipv6-icmp' }],
        ]),
      ],
      [laterFragment[6], accept],
      // A fragment that begins with another header may end before it does, and what follows in the frame is not of the packet.
      [match('frag nexthdr', 0, 43, 44, 60), ...drop],
      // The protocol is known only of packets whose chain of headers is whole (RFC 7112).
      [
        vmap('meta l4proto', [
          ['tcp', { goto: 'ipv6-tcp-behind' }],
          ['udp', { goto: 'ipv6-udp-behind' }],
          ['ipv6', { goto: 'refused' }],
          ['ipv6-icmp', { goto: 'ipv6-icmp-behind' }],
          ...OPAQUE.map((protocol): readonly [string | number, Verdict] => [protocol, { goto: 'ipv6-opaque' }]),
        ]),
      ],
      [match('meta l4proto', { from: 0, to: 255 }), accept],
      drop,
    ),
  },
  { name: 'ipv6-udp-behind', rules: rules([lastOfUdp, matchNot('th sport', 547), accept], drop) },
  { name: 'ipv6-tcp-behind', rules: rules([lastOfTcp, accept], drop) },
  {
    name: 'ipv6-icmp',
    rules: rules(
      [
        vmap('icmpv6 type', [
          ['nd-router-solicit', { goto: 'router-solicitation' }],
          ['nd-neighbor-solicit', { goto: 'solicitation' }],
          ['nd-neighbor-advert', { goto: 'advertisement' }],
          ...OF_ROUTERS,
        ]),
      ],
      [checksumOfIcmp, accept],
      drop,
    ),
  },
  {
    name: 'ipv6-icmp-behind',
    rules: rules([vmap('icmpv6 type', [...NEIGHBOUR_DISCOVERY, ...OF_ROUTERS])], [checksumOfIcmp, accept], drop),
  },
  { name: 'ipv6-opaque', rules: rules([matchNot('@th,0,8', ...UNSEEN), accept], drop) },
];
