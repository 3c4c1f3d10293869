/** What rules consist of: matches that a packet has to meet, and what is done to one that has met them, from left to right. */
import type { Field } from './field.ts';
import type { Key, RangeValue } from './value.ts';
import type { Verdict } from './verdict.ts';

export type Statement =
  | Match
  | VerdictStatement
  | VerdictMap
  | { readonly kind: 'counter' }
  | Log
  | Limit
  | Reject
  | Nat
  | { readonly kind: 'masquerade' }
  | SetField
  | { readonly kind: 'notrack' }
  | MaximumSegmentSize;

/**
 * The fields, taken together, are among the values, or in the named set.
 *
 * `!=`: never twice in a row with one value on neighbouring bytes of a header, such as two ports: nft 1.0.6 makes one
 * comparison of the two, which excludes only both at once.
 * `in`: for fields that are flags (`ct status`, `tcp flags`): any of the values' bits is set.
 */
export interface Match {
  readonly kind: 'match';
  readonly fields: readonly Field[];
  readonly operator: '==' | '!=' | 'in';
  readonly among: readonly Key[] | { readonly set: string };
}

export interface VerdictStatement {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
}

/** The verdict that a map has for the fields; none where it has none. */
export interface VerdictMap {
  readonly kind: 'vmap';
  readonly fields: readonly Field[];
  readonly map: { readonly name: string } | { readonly entries: readonly (readonly [Key, Verdict])[] };
}

interface Log {
  readonly kind: 'log';
  readonly prefix: string;
  /** Of nfnetlink_log: the kernel's own log is silent in namespaces. */
  readonly group: number;
}

/** Matches no more often than this; statements to its right are not reached otherwise. */
interface Limit {
  readonly kind: 'limit';
  readonly rate: number;
  readonly per: 'second' | 'minute' | 'hour';
  /** Packets. */
  readonly burst: number;
}

export interface Reject {
  readonly kind: 'reject';
  readonly with: 'tcp reset' | 'port-unreachable' | 'admin-prohibited' | 'host-unreachable' | 'no-route';
}

/** To one address, or to what a map has for the fields. */
export interface Nat {
  readonly kind: 'snat' | 'dnat';
  readonly family: 'ip' | 'ip6';
  readonly to: NatTarget | { readonly fields: readonly Field[]; readonly map: string };
}

export interface NatTarget {
  /** Absent where only the port changes. */
  readonly address?: string;
  readonly port?: number | RangeValue;
}

interface SetField {
  readonly kind: 'set';
  readonly field: 'meta mark' | 'ct mark' | 'meta nftrace';
  readonly value: number;
}

/** `tcp option maxseg size set`. */
interface MaximumSegmentSize {
  readonly kind: 'maxseg';
  /** Bytes, or what fits the route. */
  readonly size: number | 'rt mtu';
}

/** The field is the value, or one of several. */
export const match = (field: Field, ...values: readonly Key[number][]): Match => ({
  kind: 'match',
  fields: [field],
  operator: '==',
  among: values.map((value) => [value]),
});

export const matchNot = (field: Field, ...values: readonly Key[number][]): Match => ({ ...match(field, ...values), operator: '!=' });

export const matchSet = (fields: readonly Field[], set: string): Match => ({ kind: 'match', fields, operator: '==', among: { set } });

export const verdict = (verdict: Verdict): VerdictStatement => ({ kind: 'verdict', verdict });

export const counter: Statement = { kind: 'counter' };

export const vmap = (field: Field, entries: readonly (readonly [Key[number], Verdict])[]): VerdictMap => ({
  kind: 'vmap',
  fields: [field],
  map: { entries: entries.map(([value, verdict]) => [[value], verdict]) },
});
