/** Where a packet that is traced shows itself: chains at every hook, also at those that nobody else has rules at. */
import type { Hook } from '../../resource/ruleset/chain.ts';

/** A place in a packet's way through one namespace. */
export interface Point {
  readonly chain: string;
  readonly hook: Hook['hook'];
  readonly priority: number;
}

/** Before all others, so that they tell what they do; in prerouting and output it is here that tracing begins. */
const FIRST = -350;
/** After connection tracking has looked at it (NF_IP_PRI_CONNTRACK, -200). */
const TRACKED = -150;
/** After source NAT (NF_IP_PRI_NAT_SRC, 100), so that it shows what leaves. */
const LAST = 300;

const point = (hook: Hook['hook'], place: 'first' | 'tracked' | 'last', priority: number): Point => ({
  chain: `${hook}-${place}`,
  hook,
  priority,
});

/** Of packets that a namespace receives, forwards and sends. */
export const PACKET_POINTS: readonly Point[] = [
  point('prerouting', 'first', FIRST),
  point('prerouting', 'last', LAST),
  point('input', 'last', LAST),
  point('forward', 'last', LAST),
  point('output', 'first', FIRST),
  point('output', 'last', LAST),
  point('postrouting', 'first', FIRST),
  point('postrouting', 'last', LAST),
];

export const TRACKED_POINT: Point = point('prerouting', 'tracked', TRACKED);

/** Of frames on bridges. */
export const FRAME_POINTS: readonly Point[] = [
  point('prerouting', 'first', FIRST),
  point('forward', 'last', LAST),
  point('input', 'last', LAST),
];

/** Where tracing begins. */
export const begins = ({ chain }: Point): boolean => chain === 'prerouting-first' || chain === 'output-first';

const all = new Map([...PACKET_POINTS, TRACKED_POINT].map((one) => [one.chain, one]));
export const pointNamed = (chain: string): Point | undefined => all.get(chain);
