import type { Chain } from '../../resource/ruleset/chain.ts';
import { match, matchSet, type Statement } from '../../resource/ruleset/statement.ts';
import type { GuardedPort } from './ports.ts';
import { accept, acceptUnguarded, drop, type Rules } from './rules.ts';
import { ADDRESSES, ROUTED, routedFamilies } from './sets.ts';

/** RFC 826: both MAC addresses and the sender's IPv4 address are the port's. */
export function arpChain(rules: Rules, ports: readonly GuardedPort[]): Chain {
  return {
    name: 'resolution',
    rules: rules(
      [...sender('arp saddr ip', ADDRESSES[4]), accept],
      // Linux asks under the address of the packet that waits (arp_announce), also one of a prefix that is routed to it.
      ...(routedFamilies(ports).includes(4) ? [[...sender('arp saddr ip', ROUTED[4]), accept]] : []),
      // RFC 5227: whether anybody has what is to become its own.
      [match('arp operation', 'request'), match('arp saddr ip', '0.0.0.0'), ...sender('arp daddr ip', ADDRESSES[4]), accept],
      acceptUnguarded,
      drop,
    ),
  };
}

const sender = (address: 'arp saddr ip' | 'arp daddr ip', set: string): readonly Statement[] => [
  matchSet(['iifname', 'ether saddr', address], set),
  matchSet(['iifname', 'arp saddr ether', address], set),
];
