/** What a parser gives back: the value, or why there is none. Parsers here never throw. */
export type Parsed<Value, Fault> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: Fault };

/** Why a text is not an address. */
export interface AddressFault {
  readonly reason:
    | 'empty'
    | 'syntax'
    /** `10.1.0.010`: some programs read it as octal, so it has no one meaning. */
    | 'leading-zero'
    | 'octet-out-of-range'
    /** `10.1.0`: other than four numbers. */
    | 'octet-count'
    /** `fe80::1%eth0` (RFC 4007). */
    | 'zone'
    /** `::ffff:10.1.0.1` (RFC 4291 2.5.5.2). */
    | 'mapped'
    /** An address with a prefix length where a bare one is wanted. */
    | 'prefix-length';
  /** What was probably meant. */
  readonly instead?: string;
}

/** Why a text is not a prefix. */
export interface PrefixFault {
  readonly reason: AddressFault['reason'] | 'no-length' | 'bad-length' | 'length-out-of-range' | 'host-bits';
  readonly instead?: string;
}
