/** Neighbour discovery (RFC 4861). Lengths are exact: behind a first option nobody could look for a second. */
import type { Chain } from '../../resource/ruleset/chain.ts';
import { match, matchSet, type Statement } from '../../resource/ruleset/statement.ts';
import { accept, drop, type Rules } from './rules.ts';
import { LINK_ADDRESS, LINK_ADDRESSES, TARGET, TARGETS } from './sets.ts';

/** `ip6 length` of a solicitation or advertisement; an option of one unit adds 8 bytes. */
const BARE = 24;
const WITH_OPTION = 32;
/** Type and length of the option behind a target: link-layer addresses (RFC 4861 4.6.1), nonce (RFC 3971 5.3.2). */
const OPTION = '@th,192,16';
const SOURCE_LINK_ADDRESS = 0x0101;
const TARGET_LINK_ADDRESS = 0x0201;
const NONCE = 0x0e01;

const ownTarget = matchSet(['iifname', 'ether saddr', TARGET], TARGETS);
const option = (kind: number): readonly Statement[] => [match('ip6 length', WITH_OPTION), match(OPTION, kind)];
const ownLinkAddress = matchSet(['iifname', LINK_ADDRESS], LINK_ADDRESSES);

export const neighbourChains = (rules: Rules): readonly Chain[] => [
  {
    name: 'solicitation',
    rules: rules([match('ip6 length', BARE), accept], [...option(SOURCE_LINK_ADDRESS), ownLinkAddress, accept], drop),
  },
  {
    name: 'advertisement',
    rules: rules([match('ip6 length', BARE), ownTarget, accept], [...option(TARGET_LINK_ADDRESS), ownTarget, ownLinkAddress, accept], drop),
  },
  {
    name: 'router-solicitation',
    rules: rules(
      [match('ip6 length', 8), accept],
      [match('ip6 length', 16), match('@th,64,16', SOURCE_LINK_ADDRESS), matchSet(['iifname', '@th,80,48'], LINK_ADDRESSES), accept],
      drop,
    ),
  },
  {
    // From `::`: is an address free that is to become its own (RFC 4862; with a nonce, RFC 7527); are there routers.
    name: 'ipv6-unspecified',
    rules: rules(
      [match('ip6 length', BARE), ...message('nd-neighbor-solicit'), ownTarget, accept],
      [match('ip6 length', WITH_OPTION), ...message('nd-neighbor-solicit'), match(OPTION, NONCE), ownTarget, accept],
      [match('ip6 length', 8), ...message('nd-router-solicit'), accept],
      // RFC 3590: the reports of groups that go before that.
      [match('icmpv6 type', 'mld-listener-report', 'mld2-listener-report'), accept],
      drop,
    ),
  },
];

/** Without extension headers. */
function message(type: string): readonly Statement[] {
  return [match('ip6 nexthdr', 'ipv6-icmp'), match('icmpv6 type', type)];
}
