import { hostRange } from '../../address/host-range.ts';
import type { Prefix } from '../../address/ip.ts';
import { hash } from '../hash.ts';

/** What wants an address, by a key that stays the same when other things come and go. */
export interface Applicant {
  readonly key: string;
}

/** Derived addresses stay below 2^32 addresses, so that IPv6 ones stay short: two groups. */
const MOST_IN_POOL = 2n ** 32n;
/** Own places that are tried before neighbouring ones. In a half-full subnet all but one in 2^16 find one. */
const PLACES = 16;

/**
 * Derives an address of `subnet` for each applicant.
 *
 * Every applicant has a place of its own by hash. Where two want the same, the one with the lower hash has it and the
 * other goes to its next place: nothing hangs on the order or on the names' order, and an addition moves only those
 * whose place it takes.
 *
 * @param isTaken whether an address is given to somebody already
 * @returns an address for each applicant that there was one for
 */
export function allocate<Item extends Applicant>(
  subnet: Prefix,
  applicants: readonly Item[],
  isTaken: (value: bigint) => boolean,
): ReadonlyMap<Item, bigint> {
  const pool = poolOf(subnet);
  const used = new Set<number>();
  const isFree = (offset: number) => !used.has(offset) && !isTaken(pool.first + BigInt(offset));
  const result = new Map<Item, bigint>();
  const neighbours = new NextFree(pool.size, isFree);
  for (const { item, low } of byHash(subnet, applicants)) {
    let offset = low % pool.size;
    for (let attempt = 1; attempt < PLACES && !isFree(offset); attempt += 1)
      offset = hash(`${item.key} ${subnet.family} ${attempt}`).low % pool.size;
    const free = isFree(offset) ? offset : neighbours.from(offset);
    if (free === undefined) break;
    used.add(free);
    result.set(item, pool.first + BigInt(free));
  }
  return result;
}

function byHash<Item extends Applicant>(subnet: Prefix, applicants: readonly Item[]) {
  return applicants
    .map((item) => ({ item, ...hash(`${item.key} ${subnet.family}`) }))
    .sort((a, b) => a.high - b.high || a.low - b.low || (a.item.key < b.item.key ? -1 : 1));
}

/** How many of the first addresses are never derived: people expect gateways there. None in a tiny subnet. */
export function keptFor(subnet: Prefix): number {
  const { first, last } = hostRange(subnet);
  const count = last - first + 1n;
  return count >= 126n ? 9 : count >= 6n ? 1 : 0;
}

function poolOf(subnet: Prefix): { readonly first: bigint; readonly size: number } {
  const { first, last } = hostRange(subnet);
  const start = first + BigInt(keptFor(subnet));
  const size = last - start + 1n;
  return { first: start, size: Number(size < MOST_IN_POOL ? size : MOST_IN_POOL) };
}

/** Finds the next free offset, going round; remembers what it has passed, so that a full subnet costs no more. */
class NextFree {
  readonly #size: number;
  readonly #isFree: (offset: number) => boolean;
  readonly #skips = new Map<number, number>();

  constructor(size: number, isFree: (offset: number) => boolean) {
    this.#size = size;
    this.#isFree = isFree;
  }

  from(start: number): number | undefined {
    return this.#until(start, this.#size) ?? this.#until(0, start);
  }

  #until(start: number, end: number): number | undefined {
    const passed: number[] = [];
    let offset = start;
    while (offset < end && !this.#isFree(offset)) {
      passed.push(offset);
      offset = this.#skips.get(offset) ?? offset + 1;
    }
    for (const one of passed) this.#skips.set(one, offset);
    return offset < end ? offset : undefined;
  }
}
