/** What a lookup compares: where from, where to and what for, each a stretch without gaps. */
import type { Family, Prefix } from '../../address/ip.ts';
import { overlaps } from '../../address/prefix.ts';
import type { PortRange } from '../../network/service.ts';
import { nestingOf } from './prefixes.ts';

export type BoxEnd = 'any' | 'outside' | Prefix;

export type BoxService = 'any' | 'echo' | { readonly protocol: 'tcp' | 'udp'; readonly ports: PortRange };

export interface Box {
  readonly family: Family;
  readonly from: BoxEnd;
  readonly to: BoxEnd;
  readonly service: BoxService;
  /** Which line it comes from. */
  readonly line: number;
}

/** Ends of boxes by number, each with those that hold all of it. */
export interface Ends {
  readonly size: number;
  readonly numberOf: (end: BoxEnd) => number;
  /** Itself among them. */
  readonly around: (number: number) => readonly number[];
}

const ANY = 0;
const OUTSIDE = 1;
const FIRST_PREFIX = 2;

/** @param inside what is not outside */
export function endsOf(boxes: readonly Box[], inside: readonly Prefix[]): Ends {
  const prefixes = new Set(boxes.flatMap(({ from, to }) => [from, to].filter((end): end is Prefix => typeof end !== 'string')));
  const nesting = nestingOf(prefixes);
  const around = new Map<number, readonly number[]>([
    [ANY, [ANY]],
    [OUTSIDE, [ANY, OUTSIDE]],
  ]);
  for (const prefix of prefixes) {
    const number = nesting.numberOf(prefix);
    if (around.has(number + FIRST_PREFIX)) continue;
    const outside = inside.some((subnet) => overlaps(subnet, prefix)) ? [] : [OUTSIDE];
    around.set(number + FIRST_PREFIX, [ANY, ...outside, ...nesting.around(number).map((outer) => outer + FIRST_PREFIX)]);
  }
  return {
    size: prefixes.size + FIRST_PREFIX,
    numberOf: (end) => (end === 'any' ? ANY : end === 'outside' ? OUTSIDE : nesting.numberOf(end) + FIRST_PREFIX),
    around: (number) => around.get(number) ?? [],
  };
}

/** Whether all of `inner` is in `outer`. @internal Asked by the tests of layers. */
export function covers(outer: BoxService, inner: BoxService): boolean {
  if (outer === 'any' || outer === inner) return true;
  if (outer === 'echo' || typeof inner === 'string') return false;
  return outer.protocol === inner.protocol && outer.ports.from <= inner.ports.from && inner.ports.to <= outer.ports.to;
}

/** Whether some packet is in both. */
export function meet(one: BoxService, other: BoxService): boolean {
  if (one === 'any' || other === 'any' || one === other) return true;
  if (one === 'echo' || other === 'echo') return false;
  return one.protocol === other.protocol && one.ports.from <= other.ports.to && other.ports.from <= one.ports.to;
}

/** Without those that lie wholly in another one, whose verdict is the same. Of equal ones the first stays. */
export function withoutCovered(boxes: readonly Box[], ends: Ends): readonly Box[] {
  const places = new Map<number, { readonly box: Box; readonly index: number }[]>();
  for (const [index, box] of boxes.entries()) {
    const key = ends.numberOf(box.from) * ends.size + ends.numberOf(box.to);
    const place = places.get(key);
    if (place === undefined) places.set(key, [{ box, index }]);
    else place.push({ box, index });
  }
  const isCovered = (box: Box, index: number, from: number, to: number): boolean =>
    (places.get(from * ends.size + to) ?? []).some(
      (other) => other.index !== index && covers(other.box.service, box.service) && !(same(other.box, box) && other.index > index),
    );
  return boxes.filter((box, index) => {
    const targets = ends.around(ends.numberOf(box.to));
    return !ends.around(ends.numberOf(box.from)).some((from) => targets.some((to) => isCovered(box, index, from, to)));
  });
}

const same = (one: Box, other: Box): boolean =>
  covers(one.service, other.service) && covers(other.service, one.service) && sameEnd(one.from, other.from) && sameEnd(one.to, other.to);

const sameEnd = (one: BoxEnd, other: BoxEnd): boolean =>
  one === other || (typeof one !== 'string' && typeof other !== 'string' && one.value === other.value && one.length === other.length);
