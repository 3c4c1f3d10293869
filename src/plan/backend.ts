import type { Resource } from '../resource/kinds.ts';

/** A resource to be made (`before` is undefined) or changed where it is. */
export interface Making {
  readonly before: Resource | undefined;
  readonly after: Resource;
}

/** Something that a host has which is not this bottle's, though it has a name that the bottle may want. */
export interface Taken {
  /** A key as `provides` gives it, or an identity. */
  readonly key: string;
  /** Whose it is: `bottle lab`, `not made by Netbottle`. */
  readonly by: string;
}

export interface Observed {
  readonly resources: readonly Resource[];
  readonly taken: readonly Taken[];
}

/** What has to be looked for besides what bears the bottle's mark: settings, say, that have none. */
export type Wanted = readonly Resource[];

/**
 * Something outside that is spoken to. It decides nothing.
 *
 * `remove` and `make` get runs of one or several kinds, in order, and may batch as they like. Both are idempotent:
 * removing what is gone and changing what is already right are no errors. The first failure is thrown as it is.
 */
export interface Backend {
  readonly name: string;
  readonly kinds: ReadonlySet<Resource['kind']>;
  /** `within` confines the look to what is in these namespaces, for who knows that nothing else has changed. */
  read(bottle: string, wanted: Wanted, within?: ReadonlySet<string>): Promise<Observed>;
  remove(bottle: string, resources: readonly Resource[]): Promise<void>;
  make(bottle: string, makings: readonly Making[]): Promise<void>;
}
