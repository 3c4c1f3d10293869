import type { CodeEntry } from '../code-entry.ts';

/** Codes of `from -> to`: the policy and the promises. Alphabetical. */
export const policyCodes = {
  'bad-arrow': {
    title: 'Not `from -> to`',
    text: 'A promise or a line of the policy is written with one arrow between two ends: `web -> db`.',
  },
  'bad-rule': {
    title: 'A policy line that decides nothing',
    text: 'In its long form a line has `allow:` or `deny:`, or both with different services. `action:` goes with `deny:` and says whether the sender is told (`reject`) or not (`drop`).',
  },
  'expectation-without-path': {
    title: 'A promise that no packet can keep',
    text: 'No path leads from the one end to the other and back: no router joins their networks, or a route by hand takes the packets elsewhere. The message names where they end.',
  },
  'nobody-in-end': {
    title: 'A promise or a policy line about nobody',
    text: 'A network or group in `from -> to` stands for the machines in it. Routers are named by themselves. A policy line about nobody is made, but no packet ever matches it.',
  },
  'policy-denies-all': {
    title: 'A policy line that denies everything',
    text: 'A line that denies wins over those that allow, whatever their order. What becomes of packets that no line speaks of is said by `otherwise:`, and is a denial without it, too.',
  },
  'policy-shadowed': {
    title: 'A policy line without an effect',
    text: 'Another line covers it: one that denies all that it would allow, or one that allows (or denies) all of it already. Both places are shown. The order of lines means nothing; of two that mean the same, the one that is later in the alphabet is called superfluous. A line that logs is not, if the other does not log.',
  },
  'policy-without-router': {
    title: 'A policy line between two that no router is between',
    text: 'The routers, and the host where it is one, enforce the policy. Packets within one network pass none of them, and between networks that nothing joins there are none.',
  },
  'router-locked': {
    title: 'A router whose service nobody can reach',
    text: 'A router is reached only where a line of the policy names it, one of its addresses, or `any`; a network does not stand for the routers in it. This router listens, and no line lets anybody come.',
  },
  'unknown-end': {
    title: 'An end of `from -> to` that does not exist',
    text: 'An end is a machine, router, bridge, network, link, group, address or prefix, `internet` or `any`.',
  },
} as const satisfies Record<string, CodeEntry>;
