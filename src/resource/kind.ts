import type { ResourceBase } from './resource.ts';

/**
 * What a change does to what runs: `live` nobody notices, `restart` stops and starts a process,
 * `replace` takes the thing away and makes it anew, with all that sits on it.
 */
export type Effect = 'live' | 'restart' | 'replace';

export interface Difference {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly effect: Effect;
}

/** What the planner knows of a kind of resource; how to make one is the backend's. */
export interface Kind<R extends ResourceBase> {
  /** Names the resource among all of a bottle; two with the same identity are the same thing in two states. */
  identity(resource: R): string;
  /** What others may need of it, as `device:corp.web/dmz`. */
  provides(resource: R): readonly string[];
  /** What it cannot be without: when that is made anew, this has to be made anew too. */
  requires(resource: R): readonly string[];
  /** Parts of `requires`: when all of one part have ended, this has ended with them, and nothing is left to do. */
  goesWith(resource: R): readonly (readonly string[])[];
  differences(before: R, after: R): readonly Difference[];
  /** Nobody is worse off when one goes, and so nobody is asked before. */
  readonly endsUnnoticed?: true;
  /** In the words of the kernel's own tools. */
  describe(resource: R): string;
}

/** The fields of two resources that differ, each with the effect that changing it has. */
export function compare<R extends object>(before: R, after: R, fields: { readonly [F in keyof R]?: Effect }): readonly Difference[] {
  const found: Difference[] = [];
  for (const field of Object.keys(fields) as (keyof R & string)[]) {
    if (before[field] === after[field]) continue;
    const effect = fields[field];
    const [old, wanted] = [text(before[field]), text(after[field])];
    if (effect !== undefined && old !== wanted) found.push({ field, before: old, after: wanted, effect });
  }
  return found;
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
