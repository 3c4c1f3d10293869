/**
 * The host's own 127.0.0.1 as an address that is forwarded: `ssh -p 2222 127.0.0.1`.
 *
 * The kernel refuses to send what comes from 127.0.0.0/8 anywhere else unless `route_localnet` allows it on the interface,
 * and would then also take in from there what is meant for 127.0.0.0/8. That is closed again here (CVE-2020-8558 is what
 * comes of forgetting it). There is no such setting for ::1.
 */
import type { Forward } from '../network/nat/translation.ts';
import type { Network } from '../network/network.ts';
import type { Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import { match, verdict } from '../resource/ruleset/statement.ts';
import type { PrefixValue } from '../resource/ruleset/value.ts';
import { type Fragment, nothing } from './fragment.ts';
import { hostLegsOf } from './host-legs.ts';

const LOOPBACK: PrefixValue = { prefix: '127.0.0.0', length: 8 };

const isForAll = ({ at, addresses, to }: Forward): boolean =>
  at === 'host' && addresses.length === 0 && to.addresses.some(({ family }) => family === 4);

/** Whether the host's legs have to carry packets of 127.0.0.0/8. */
export const forwardsLoopback = (network: Network): boolean => network.forwards.some(isForAll);

const devicesOf = (network: Network): readonly string[] => hostLegsOf(network).map(({ attachment }) => attachment.host.device);

/** From the wire nobody speaks to 127.0.0.0/8. Before connection tracking: an answer still has the host's other address here. */
export function compileLoopbackGuard(network: Network): Fragment {
  if (!forwardsLoopback(network)) return nothing;
  const rule: Rule = {
    statements: [match('iifname', ...devicesOf(network)), match('ip daddr', LOOPBACK), verdict('drop')],
    comment: commentOf(['forwards']),
  };
  return {
    chains: [{ name: 'loopback-guard', hook: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' }, rules: [rule] }],
    sets: [],
  };
}

/** What leaves from 127.0.0.1 takes the address of the leg: nobody could answer to the other. */
export const loopbackNat = (network: Network): readonly Rule[] =>
  forwardsLoopback(network)
    ? [
        {
          statements: [match('ip saddr', LOOPBACK), match('oifname', ...devicesOf(network)), { kind: 'masquerade' }],
          comment: commentOf(['forwards']),
        },
      ]
    : [];
