/**
 * How soon to repair a thing again. At once, as a rule; but where somebody undoes each repair, both would do nothing else for
 * ever. Each thing has a pace of its own: that one is fought over is no reason to let others wait.
 */

/** Milliseconds. */
const WINDOW = 10_000;
const FIRST_PAUSE = 1000;
/** What fails may have been in the middle of a change. */
const FIRST_RETRY = 100;
const LONGEST_PAUSE = 30_000;
/** So many repairs of the same thing in a window are no accident. */
const MANY = 10;

export interface Fight {
  /** What is broken again and again, by identity. */
  readonly over: string;
  /** Milliseconds to wait before it is repaired again. */
  readonly pause: number;
}

interface Hold {
  readonly pause: number;
  readonly until: number;
}

/** All times are in milliseconds, from whenever. */
export class Pace {
  /** When each thing was repaired lately. */
  readonly #repairs = new Map<string, readonly number[]>();
  readonly #fights = new Map<string, Hold>();
  readonly #failures = new Map<string, Hold>();

  /** What is to wait after these things were repaired. */
  repaired(identities: readonly string[], now: number): readonly Fight[] {
    this.#forget(now);
    return identities.flatMap((identity): readonly Fight[] => {
      this.#failures.delete(identity);
      const times = [...(this.#repairs.get(identity) ?? []), now];
      this.#repairs.set(identity, times);
      const last = this.#fights.get(identity);
      if (last === undefined && times.length < MANY) return [];
      const pause = last === undefined ? FIRST_PAUSE : Math.min(2 * last.pause, LONGEST_PAUSE);
      this.#fights.set(identity, { pause, until: now + pause });
      return [{ over: identity, pause }];
    });
  }

  /** Milliseconds until these are tried again, which could not be repaired. */
  failed(identities: readonly string[], now: number): number {
    const pauses = identities.map((identity) => {
      const last = this.#failures.get(identity);
      const pause = last === undefined ? FIRST_RETRY : Math.min(2 * last.pause, LONGEST_PAUSE);
      this.#failures.set(identity, { pause, until: now + pause });
      return pause;
    });
    return Math.min(...pauses);
  }

  /** When a thing may be repaired. */
  from(identity: string): number {
    return Math.max(this.#fights.get(identity)?.until ?? 0, this.#failures.get(identity)?.until ?? 0);
  }

  #forget(now: number): void {
    for (const [identity, times] of this.#repairs) {
      const lately = times.filter((time) => now - time < WINDOW);
      if (lately.length === 0) this.#repairs.delete(identity);
      else this.#repairs.set(identity, lately);
    }
    for (const holds of [this.#fights, this.#failures])
      for (const [identity, { until }] of holds) if (now >= until + WINDOW) holds.delete(identity);
  }
}
