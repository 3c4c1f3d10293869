import type { Difference, Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** What a device does to packets before it sends them (tc-netem(8), tc-tbf(8)). 0 is none of it. */
export interface Qdisc extends ResourceBase {
  readonly kind: 'qdisc';
  readonly namespace: string;
  readonly device: string;
  /** `tbf` knows a rate and nothing else, and more kernels have it. */
  readonly discipline: 'netem' | 'tbf';
  /** Nanoseconds. */
  readonly delay: number;
  /** Nanoseconds that the delay varies by, to either side. */
  readonly jitter: number;
  /** Parts per million. */
  readonly loss: number;
  /** Parts per million. */
  readonly duplicate: number;
  /** Parts per million that are not held up, and so overtake others. */
  readonly reorder: number;
  /** Bytes a second, below 2^32; 0 for no limit. */
  readonly rate: number;
  /** What may wait: packets for netem, bytes for tbf. */
  readonly limit: number;
}

type Settings = Omit<Qdisc, keyof ResourceBase | 'namespace' | 'device' | 'discipline'>;

const time = (nanoseconds: number): string =>
  nanoseconds >= 1e9 ? `${nanoseconds / 1e9}s` : nanoseconds >= 1e6 ? `${nanoseconds / 1e6}ms` : `${nanoseconds / 1e3}us`;
const share = (parts: number): string => `${parts / 1e4}%`;
const rate = (bytes: number): string => {
  const bits = bytes * 8;
  return bits >= 1e9 ? `${bits / 1e9}gbit` : bits >= 1e6 ? `${bits / 1e6}mbit` : `${bits / 1e3}kbit`;
};

const words: { readonly [F in keyof Settings]: (value: number) => string } = {
  delay: time,
  jitter: time,
  loss: share,
  duplicate: share,
  reorder: share,
  rate,
  limit: String,
};
const fields = Object.keys(words) as (keyof Settings)[];

/** `delay 20ms loss 1%` */
export const impairmentText = (settings: Settings): string =>
  fields.flatMap((field) => (settings[field] === 0 || field === 'limit' ? [] : [`${field} ${words[field](settings[field])}`])).join(' ');

export const qdiscKind: Kind<Qdisc> = {
  // One takes the place of the other on a device, and neither can become the other.
  identity: ({ namespace, device, discipline }) => `qdisc:${namespace}/${device}/${discipline}`,
  provides: () => [],
  requires: ({ namespace, device }) => [...inNamespace(namespace), deviceKey(namespace, device)],
  goesWith: ({ namespace, device }) => [inNamespace(namespace), [deviceKey(namespace, device)]],
  differences: (before, after) => {
    const found = fields.flatMap((field): readonly Difference[] =>
      before[field] === after[field]
        ? []
        : [{ field, before: words[field](before[field]), after: words[field](after[field]), effect: 'live' }],
    );
    // What may wait follows from the others, and nobody wrote it.
    return found.length > 1 ? found.filter(({ field }) => field !== 'limit') : found;
  },
  describe: (qdisc) => `${impairmentText(qdisc)} on ${qdisc.device} in ${qdisc.namespace}`,
  endsUnnoticed: true,
};
