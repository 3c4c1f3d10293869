/**
 * How soon to repair again. At once, as a rule; but where somebody undoes each repair, both would do nothing else for ever.
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
  /** Milliseconds to wait before the next repair. */
  readonly pause: number;
}

export class Pace {
  /** When each thing was repaired lately. Milliseconds. */
  readonly #repairs = new Map<string, readonly number[]>();
  #fight: (Fight & { readonly since: number }) | undefined;
  #failures = 0;

  /** What to do after these things were repaired: undefined is to go on. `now` is in milliseconds, from whenever. */
  repaired(identities: readonly string[], now: number): Fight | undefined {
    this.#failures = 0;
    for (const [identity, times] of this.#repairs) {
      const lately = times.filter((time) => now - time < WINDOW);
      if (lately.length === 0) this.#repairs.delete(identity);
      else this.#repairs.set(identity, lately);
    }
    for (const identity of identities) this.#repairs.set(identity, [...(this.#repairs.get(identity) ?? []), now]);
    const last = this.#fight;
    const goesOn = last !== undefined && identities.includes(last.over) && now - last.since < last.pause + WINDOW;
    const over = goesOn ? last.over : identities.find((identity) => (this.#repairs.get(identity)?.length ?? 0) >= MANY);
    if (over === undefined) return undefined;
    const pause = goesOn ? Math.min(2 * last.pause, LONGEST_PAUSE) : FIRST_PAUSE;
    this.#fight = { over, pause, since: now };
    return { over, pause };
  }

  /** Milliseconds to wait after a repair that failed. */
  failed(): number {
    this.#failures += 1;
    return Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), LONGEST_PAUSE);
  }
}
