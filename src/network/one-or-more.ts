/** What the file may give as one text or as a list of them. */
import type { Origin } from '../diagnostic/diagnostic.ts';

type OneOrMore = string | readonly string[];

interface Placed {
  readonly text: string;
  readonly place: Origin;
}

export const listOf = (spec: OneOrMore = []): readonly string[] => (typeof spec === 'string' ? [spec] : spec);

/** Each with its place: that of the value, or that in the list. */
export const placesOf = (spec: OneOrMore = [], origin: Origin): readonly Placed[] =>
  typeof spec === 'string' ? [{ text: spec, place: origin }] : spec.map((text, index) => ({ text, place: [...origin, index] }));
