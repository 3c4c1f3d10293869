export type Family = 4 | 6;

/** An IPv4 or IPv6 address as a number of 32 or 128 bits. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** A block of addresses (RFC 4632); `value` has no bit set beyond `length`. */
export interface Prefix {
  readonly family: Family;
  readonly value: bigint;
  /** Bits; 0 to 32 or 128. */
  readonly length: number;
}
