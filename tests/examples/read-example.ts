import { readFileSync } from 'node:fs';
import { example } from '../cli/bottle.ts';

/** The text of an example's `bottle.yaml`, for tests that change something in it. */
export const readExample = (name: string): string => readFileSync(example(name, 'bottle.yaml'), 'utf8');
