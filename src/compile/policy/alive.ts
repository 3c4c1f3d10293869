/** What a network needs to work at all, whatever its policy says. */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { match, type Statement, verdict } from '../../resource/ruleset/statement.ts';

const rule = (origin: Origin, ...statements: readonly Statement[]): Rule => ({ statements, comment: commentOf(origin) });

/**
 * Neighbour discovery and multicast listeners (RFC 4890). Connection tracking leaves them alone; their hop limits say
 * that no router has passed them on.
 */
export const neighbours = (origin: Origin): readonly Rule[] => [
  rule(
    origin,
    match('icmpv6 type', 'nd-router-solicit', 'nd-router-advert', 'nd-neighbor-solicit', 'nd-neighbor-advert', 'nd-redirect'),
    match('ip6 hoplimit', 255),
    verdict('accept'),
  ),
  rule(
    origin,
    match('icmpv6 type', 'mld-listener-query', 'mld-listener-report', 'mld-listener-done', 'mld2-listener-report'),
    match('ip6 hoplimit', 1),
    verdict('accept'),
  ),
];

/** Errors of the router's own: to connection tracking, those about packets that it has not let in yet belong to nothing. */
export const errors = (origin: Origin): readonly Rule[] => [
  rule(origin, match('icmp type', 'destination-unreachable', 'time-exceeded', 'parameter-problem', 'redirect'), verdict('accept')),
  rule(origin, match('icmpv6 type', 'destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'), verdict('accept')),
];

/** Answers, and errors about what was let pass. What fits no connection is nobody's. */
export const known = (origin: Origin): Rule =>
  rule(origin, {
    kind: 'vmap',
    fields: ['ct state'],
    map: {
      entries: [
        [['established'], 'accept'],
        [['related'], 'accept'],
        [['invalid'], 'drop'],
      ],
    },
  });

/**
 * What stays on the router. A packet to a forwarded port of its own still has `lo` as the interface that it leaves by when
 * it has been given another destination: only where that is local, it stays.
 */
export const loopback = (origin: Origin, field: 'iifname' | 'oifname'): Rule =>
  rule(origin, match(field, 'lo'), ...(field === 'oifname' ? [match('fib daddr type', 'local')] : []), verdict('accept'));
