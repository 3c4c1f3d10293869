/** The largest packets that come through where those of full size do not. */
import type { Probe } from './probe.ts';
import { type ProbeOptions, probeAll } from './probe-all.ts';

/** A probe of full size, and the bytes that its packets had when they were lost. */
export interface LostProbe {
  readonly probe: Probe;
  readonly size: number;
}

/** Sizes tried at once: with as many, three rounds find the byte below 4,096, each as long as silence takes to be certain. */
const AT_ONCE = 15;
const ROUNDS = 4;
/** Bytes. Less than what a small exchange has is not asked about, nor what TCP makes no segments for. */
const LEAST = 128;

interface Bounds {
  /** Came through, if it is more than `LEAST`. */
  readonly through: number;
  readonly lost: number;
}

/** Bytes for each; undefined where nothing of size came through. Each size is an exchange of its own, unfragmented. */
export async function fittingSizes(lost: readonly LostProbe[], options: ProbeOptions): Promise<readonly (number | undefined)[]> {
  let bounds = lost.map(({ size }): Bounds => ({ through: LEAST, lost: size }));
  for (let round = 0; round < ROUNDS && bounds.some(isOpen); round++) {
    const tries = lost.flatMap(({ probe }, index) => between(bounds[index] ?? CLOSED).map((bytes) => ({ index, bytes, probe })));
    const outcomes = await probeAll(
      tries.map(({ probe, bytes }) => ({ ...probe, bytes, timeout: options.timeout })),
      options,
    );
    const isThrough = outcomes.map(({ kind }) => kind === 'answered' || kind === 'delivered');
    bounds = bounds.map((known, index) => {
      const own = tries.flatMap((one, at) => (one.index === index ? [{ bytes: one.bytes, came: isThrough[at] === true }] : []));
      // What came through is certain. One that was lost may have been so by chance, if a larger one was not.
      const through = Math.max(known.through, ...own.filter(({ came }) => came).map(({ bytes }) => bytes));
      const above = own.filter(({ bytes, came }) => !came && bytes > through).map(({ bytes }) => bytes);
      return { through, lost: Math.min(known.lost, ...above) };
    });
  }
  return bounds.map(({ through }) => (through > LEAST ? through : undefined));
}

const CLOSED: Bounds = { through: LEAST, lost: LEAST };

const isOpen = ({ through, lost }: Bounds): boolean => lost - through > 1;

/** Sizes at even distances between the two. */
function between({ through, lost }: Bounds): readonly number[] {
  const gap = lost - through;
  const count = Math.min(AT_ONCE, gap - 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => through + Math.floor((gap * (index + 1)) / (count + 1)));
}
