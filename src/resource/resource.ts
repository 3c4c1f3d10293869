import type { Origin } from '../diagnostic/diagnostic.ts';

/** The namespace that Netbottle itself was started in: the machine's own, or the root of a user namespace. */
export const HOST = '@host';

/** What every resource has, whatever its kind. All of it is plain data that survives JSON. */
export interface ResourceBase {
  readonly kind: string;
  /** Where in the file it comes from; empty for what every bottle has. */
  readonly origin: Origin;
}
