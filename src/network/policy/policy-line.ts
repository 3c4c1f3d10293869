import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { End } from '../end.ts';
import type { Service } from '../service.ts';

/** What routers let pass. The order of lines means nothing: a line that denies wins over those that allow. */
export interface Policy {
  readonly lines: readonly PolicyLine[];
  /** What becomes of a packet that no line speaks of. */
  readonly otherwise: {
    readonly action: 'drop' | 'reject';
    readonly log: boolean;
    readonly origin: Origin;
  };
}

export interface PolicyLine {
  /** As written: `hub -> jump`. */
  readonly text: string;
  readonly from: End;
  readonly to: End;
  readonly action: 'allow' | 'drop' | 'reject';
  readonly services: readonly Service[] | 'any';
  readonly log: boolean;
  readonly origin: Origin;
}
