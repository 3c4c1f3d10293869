/** An address, a symbol such as `tcp` or `established`, an interface's name; or a number: a port, a mark, raw bits. */
export type Atom = string | number;

export interface PrefixValue {
  /** Its first address. */
  readonly prefix: string;
  /** Bits. */
  readonly length: number;
}

/** Both ends belong to it. */
export interface RangeValue {
  readonly from: Atom;
  readonly to: Atom;
}

export type Value = Atom | PrefixValue | RangeValue;

/** A value for each of the fields that are looked at together. */
export type Key = readonly Value[];
