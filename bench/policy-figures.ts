/** What the parts of the policy benchmark share. */
import { join } from 'node:path';

export const PROGRAM = join(import.meta.dirname, '..', 'dist', 'bottle.js');

export const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
