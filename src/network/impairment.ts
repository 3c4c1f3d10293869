import type { Origin } from '../diagnostic/diagnostic.ts';
import type { ImpairSpec } from '../spec/schema/impairment.ts';
import type { Report } from './report.ts';

/** What a cable does to packets, in each direction. 0 is none of it. */
export interface Impairment {
  /** Nanoseconds. */
  readonly delay: number;
  /** Nanoseconds that the delay varies by, to either side. */
  readonly jitter: number;
  /** Parts per million. */
  readonly loss: number;
  /** Parts per million. */
  readonly duplicate: number;
  /** Parts per million that the delay does not hold up. */
  readonly reorder: number;
  /** Bits a second, in whole bytes; 0 for no limit. */
  readonly rate: number;
}

interface Fault {
  readonly key: keyof Impairment;
  readonly message: string;
  readonly remedy: string;
}

/** Nothing but a cable. */
export const UNIMPAIRED: Impairment = { delay: 0, jitter: 0, loss: 0, duplicate: 0, reorder: 0, rate: 0 };

const NANOSECONDS: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9 };
const BITS: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };
/** Nanoseconds. */
const LONGEST = 60e9;
/** Bits a second. More would not fit into 32 bits of bytes. */
const SLOWEST = 1e3;
const FASTEST = 32e9;

const quantity = (text: string, units: Readonly<Record<string, number>>): number | undefined => {
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)([a-z]+)$/.exec(text) ?? [];
  const factor = units[unit];
  return factor === undefined ? undefined : Math.round(Number(number) * factor);
};

const duration = (text: string): number | undefined => {
  const value = quantity(text, NANOSECONDS);
  return value !== undefined && value <= LONGEST ? value : undefined;
};

const share = (text: string): number | undefined => {
  const value = /^\d{1,3}(\.\d{1,4})?%$/.test(text) ? Math.round(Number(text.slice(0, -1)) * 1e4) : undefined;
  return value !== undefined && value <= 1e6 ? value : undefined;
};

/** In whole bytes, as the kernel counts. */
const rate = (text: string): number | undefined => {
  const value = quantity(text, BITS);
  return value !== undefined && value >= SLOWEST && value <= FASTEST ? Math.floor(value / 8) * 8 : undefined;
};

/** Whether two cables do the same to packets; what says nothing does nothing. */
export const sameImpairment = (one: Impairment = UNIMPAIRED, other: Impairment = UNIMPAIRED): boolean =>
  Object.entries(one).every(([key, value]) => isPart(key) && other[key] === value);

interface Part {
  readonly read: (text: string) => number | undefined;
  readonly what: string;
  readonly remedy: string;
}

const aDuration: Part = {
  read: duration,
  what: 'a time from nothing to a minute',
  remedy: 'Write a number with `us`, `ms` or `s`, such as `20ms`.',
};
const aShare: Part = { read: share, what: 'a share of the packets', remedy: 'Write a percentage from 0 to 100, such as `0.5%`.' };

const parts: Readonly<Record<keyof Impairment, Part>> = {
  delay: aDuration,
  jitter: aDuration,
  loss: aShare,
  duplicate: aShare,
  reorder: aShare,
  rate: {
    read: rate,
    what: 'a rate from 1 kbit/s to 32 Gbit/s',
    remedy: 'Write a number with `kbit`, `mbit` or `gbit`, such as `10mbit`.',
  },
};

export const isPart = (key: string): key is keyof Impairment => Object.hasOwn(parts, key);
export const partNames = Object.keys(parts);

/** What texts such as `20ms` and `1%` mean, and all that is wrong with them. */
export function understandImpairment(spec: ImpairSpec): { readonly impairment: Impairment; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const impairment: Record<keyof Impairment, number> = { ...UNIMPAIRED };
  for (const [key, text] of Object.entries(spec)) {
    if (!isPart(key) || text === undefined) continue;
    const { read, what, remedy } = parts[key];
    const value = read(text);
    if (value === undefined) faults.push({ key, message: `\`${text}\` is not ${what}`, remedy });
    else impairment[key] = value;
  }
  if (spec.delay === undefined) {
    for (const key of ['jitter', 'reorder'] as const)
      if (spec[key] !== undefined)
        faults.push({
          key,
          message:
            key === 'jitter'
              ? '`jitter` varies a `delay`, and there is none'
              : '`reorder` lets packets overtake those that a `delay` holds up, and there is none',
          remedy: 'Write a `delay` beside it, such as `20ms`.',
        });
  }
  return { impairment, faults };
}

export function readImpairment(spec: ImpairSpec | undefined, origin: Origin, report: Report): Impairment | undefined {
  if (spec === undefined) return undefined;
  const { impairment, faults } = understandImpairment(spec);
  for (const { key, message, remedy } of faults) report.error('bad-impairment', [...origin, key], message, { remedy });
  return impairment;
}
