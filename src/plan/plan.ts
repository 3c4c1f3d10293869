import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Difference, Effect } from '../resource/kind.ts';
import { kindOf, type Resource } from '../resource/kinds.ts';

export type Action = 'create' | 'update' | 'replace' | 'delete';

/** One thing that has to be done, with its reason. Plain data. */
export interface Change {
  readonly action: Action;
  readonly identity: string;
  readonly before?: Resource;
  readonly after?: Resource;
  /** What it does to what runs; creating disturbs nothing and is `live`. */
  readonly effect: Effect;
  readonly differences: readonly Difference[];
  readonly reason: string;
  readonly origin: Origin;
  /** Goes away with something else, so that nothing is left to do. */
  readonly implied: boolean;
}

export interface Plan {
  readonly bottle: string;
  /** What goes, in the order of going, then what comes, in the order of making. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
  /** Names of networks that come or go without a device of their own. */
  readonly bareNetworks?: { readonly coming: readonly string[]; readonly going: readonly string[] };
}

/** Whether it interrupts or destroys something that runs. */
export const disrupts = ({ action, effect, before }: Change): boolean =>
  action === 'replace' || effect !== 'live' || (action === 'delete' && (before === undefined || kindOf(before).endsUnnoticed !== true));
