/**
 * Addresses by number: those that nobody tells apart have one, and numbers are in the order of addresses.
 *
 * An IPv6 address takes 128 variables, and the numbers of all that a large network speaks of take fifteen.
 */
import type { Family } from '../../address/ip.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';

export interface AddressCodes {
  /** As many as the numbers take. */
  readonly bits: number;
  readonly of: { readonly [F in Family]: Codes };
}

export class Codes {
  /** The first address of each number. */
  readonly #starts: readonly bigint[];
  readonly #numbers: ReadonlyMap<bigint, number>;
  readonly #end: bigint;

  /** @param starts sorted, from 0 on */
  constructor(starts: readonly bigint[], end: bigint) {
    this.#starts = starts;
    this.#end = end;
    this.#numbers = new Map([...starts, end].map((start, number) => [start, number]));
  }

  /** @throws Error where addresses within it are not told apart from addresses without: a guess would be no proof */
  numbers({ from, to }: Interval): Interval {
    const [first, behind] = [this.#numbers.get(from), this.#numbers.get(to + 1n)];
    if (first === undefined || behind === undefined) throw new Error(`addresses from ${from} to ${to} are not told apart from others`);
    return { from: BigInt(first), to: BigInt(behind - 1) };
  }

  addresses({ from, to }: Interval): Interval {
    return { from: this.#start(from), to: this.#start(to + 1n) - 1n };
  }

  /** All that have the number of the address. */
  around(address: bigint): Interval {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0n) <= address) low = middle;
      else high = middle;
    }
    return this.addresses({ from: BigInt(low), to: BigInt(low) });
  }

  #start(number: bigint): bigint {
    return this.#starts[Number(number)] ?? this.#end;
  }
}

const ENDS = { 4: 1n << 32n, 6: 1n << 128n } as const;

/** @param asked ranges that are told apart from all else; there is no order in them */
export function addressCodes(asked: { readonly [F in Family]: Iterable<Interval> }): AddressCodes {
  const cuts = { 4: cutsOf(asked[4], ENDS[4]), 6: cutsOf(asked[6], ENDS[6]) };
  const bits = Math.max(1, (Math.max(cuts[4].size, cuts[6].size) - 1).toString(2).length);
  return { bits, of: { 4: codesOf(cuts[4], bits, ENDS[4]), 6: codesOf(cuts[6], bits, ENDS[6]) } };
}

function cutsOf(ranges: Iterable<Interval>, end: bigint): Set<bigint> {
  const cuts = new Set([0n]);
  for (const { from, to } of ranges) {
    cuts.add(from);
    if (to + 1n < end) cuts.add(to + 1n);
  }
  return cuts;
}

/** Every number stands for something: the last addresses, which nobody has, take those that are left over. */
function codesOf(cuts: Set<bigint>, bits: number, end: bigint): Codes {
  for (let last = end - 1n; cuts.size < 2 ** bits; last--) cuts.add(last);
  return new Codes(
    [...cuts].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)),
    end,
  );
}
