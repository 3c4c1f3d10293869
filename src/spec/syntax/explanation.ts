import type { ErrorCode } from 'yaml';

/** What the YAML library found, and where it noticed. */
export interface Noticed {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The same in a person's words. */
export interface Explanation {
  readonly message: string;
  readonly remedy?: string;
  /** Offsets of what is meant, when it is not where the library noticed. */
  readonly start?: number;
  readonly end?: number;
  readonly related?: { readonly message: string; readonly start: number };
}

/** Where there are no better words. */
export function asSaid(error: Noticed): Explanation {
  return { message: error.message.charAt(0).toLowerCase() + error.message.slice(1) };
}
