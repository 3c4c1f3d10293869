import type { Origin } from '../diagnostic/diagnostic.ts';
import type { End } from './end.ts';
import type { Service } from './service.ts';

/** A promise of the file: what `from` can do to `to`. */
export interface Expectation {
  readonly text: string;
  readonly from: End;
  readonly to: End;
  /** `at-least`: these work. `only`: these work and nothing else does. */
  readonly mode: 'at-least' | 'only' | 'nothing';
  readonly services: readonly Service[];
  readonly origin: Origin;
}
