import type { CodeEntry } from './codes.ts';

/** Codes of the network stage: what the parts of a file mean together. Alphabetical. */
export const networkCodes = {} as const satisfies Record<string, CodeEntry>;
