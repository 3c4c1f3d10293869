import type { CodeEntry } from './codes.ts';

/** Codes of the front end: reading a file and checking its shape. Alphabetical. */
export const specCodes = {
  'unknown-key': {
    title: 'A key that the file format does not have',
    text: 'Most often a slip of the pen; the nearest known key is suggested.',
  },
} as const satisfies Record<string, CodeEntry>;
