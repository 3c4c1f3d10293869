import type { DataType } from './field.ts';
import type { Atom, Key } from './value.ts';
import type { Verdict } from './verdict.ts';

/** Sets and maps that rules refer to by name. Elements of an interval set do not overlap: the kernel would refuse them. */
export type NamedSet = PlainSet | VerdictSet | DataMap;

interface NamedSetBase {
  readonly name: string;
  /** Of the fields that a key consists of. */
  readonly types: readonly DataType[];
  /** Whether keys may be prefixes and ranges. */
  readonly interval: boolean;
  /** Whether each element counts the packets that found it. */
  readonly counter: boolean;
}

interface PlainSet extends NamedSetBase {
  readonly kind: 'set';
  readonly elements: readonly SetElement[];
}

/** `type … : verdict` */
export interface VerdictSet extends NamedSetBase {
  readonly kind: 'verdict-map';
  readonly elements: readonly (SetElement & { readonly verdict: Verdict })[];
}

/** A map to values, as NAT uses. */
export interface DataMap extends NamedSetBase {
  readonly kind: 'map';
  readonly data: readonly DataType[];
  readonly elements: readonly (SetElement & { readonly value: readonly Atom[] })[];
}

export interface SetElement {
  readonly key: Key;
  /** As with rules; empty where the set itself says enough. */
  readonly comment: string;
}
