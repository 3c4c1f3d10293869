import type { Family } from '../../address/ip.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';

/** Loopback, multicast, broadcast and link-local destinations: none of them is beyond a router. */
export const NOT_UNICAST: { readonly [F in Family]: readonly Interval[] } = {
  4: [
    { from: 0n, to: (1n << 24n) - 1n },
    { from: 127n << 24n, to: (128n << 24n) - 1n },
    { from: 0xa9fe0000n, to: 0xa9feffffn },
    { from: 224n << 24n, to: (1n << 32n) - 1n },
  ],
  6: [
    { from: 0n, to: 1n },
    { from: 0xfe80n << 112n, to: (1n << 128n) - 1n },
  ],
};
