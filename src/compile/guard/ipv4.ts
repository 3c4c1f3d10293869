import type { Chain } from '../../resource/ruleset/chain.ts';
import { match, matchNot, matchSet, type Statement, verdict, vmap } from '../../resource/ruleset/statement.ts';
import type { GuardedPort } from './ports.ts';
import { accept, acceptUnguarded, drop, laterFragment, type Rules } from './rules.ts';
import { MACS, ROUTED, routedFamilies } from './sets.ts';

const ownMac: readonly Statement[] = [matchSet(['iifname', 'ether saddr'], MACS), accept];

export const source4 = (set: string): readonly Statement[] => [matchSet(['iifname', 'ether saddr', 'ip saddr'], set)];

/** As bits: under its name nft would check again that this is IPv4. */
const PROTOCOL = '@nh,72,8';

/** Types of IGMP messages: queries (RFC 3376), Multicast Router Advertisement and Termination (RFC 4286). */
const OF_ROUTERS = [0x11, 0x30, 0x32];
/** Membership reports of versions 1 to 3, and leaving. */
const MEMBERSHIP = [0x12, 0x16, 0x22, 0x17];

export const ipv4Chains = (rules: Rules, ports: readonly GuardedPort[]): readonly Chain[] => [
  {
    name: 'ipv4',
    rules: rules(
      ...(routedFamilies(ports).includes(4) ? [[...source4(ROUTED[4]), verdict({ goto: 'ipv4-own' })]] : []),
      acceptUnguarded,
      // Without an address there are a DHCP client (RFC 2131) and reports of groups (RFC 3376 4.2.13).
      [match('ip saddr', '0.0.0.0'), match('ip daddr', '255.255.255.255'), match('udp sport', 68), match('udp dport', 67), ...ownMac],
      [match('ip saddr', '0.0.0.0'), match('igmp type', ...MEMBERSHIP), ...ownMac],
      drop,
    ),
  },
  {
    name: 'ipv4-own',
    rules: rules(
      // Comparing is faster than a lookup; a server's answer comes from port 67 (RFC 2131).
      [match(PROTOCOL, 6), accept],
      [match(PROTOCOL, 17), matchNot('th sport', 67), accept],
      [
        vmap(PROTOCOL, [
          [1, { goto: 'ipv4-icmp' }],
          [2, { goto: 'ipv4-igmp' }],
          [17, { goto: 'ipv4-udp' }],
          // IPv6 in IPv4 (RFC 4213) would carry all that is not let through outside of it.
          [41, { goto: 'refused' }],
          [51, { goto: 'ipv4-authenticated' }],
        ]),
      ],
      [accept],
    ),
  },
  { name: 'ipv4-udp', rules: rules([laterFragment[4], accept], drop) },
  {
    name: 'ipv4-icmp',
    rules: rules([matchNot('icmp type', 'redirect', 'router-advertisement'), accept], [laterFragment[4], accept], drop),
  },
  {
    name: 'ipv4-igmp',
    rules: rules([matchNot('igmp type', ...OF_ROUTERS), accept], [laterFragment[4], accept], drop),
  },
  // What is behind an authentication header (RFC 4302) lies at no fixed place.
  {
    name: 'ipv4-authenticated',
    rules: rules([matchNot('@th,0,8', 1, 2, 17, 41, 51), accept], [laterFragment[4], accept], drop),
  },
  { name: 'refused', rules: rules(drop) },
];
