import type { ResourceBase } from './resource.ts';

/** A route of the main table (ip-route(8)). */
export interface Route extends ResourceBase {
  readonly kind: 'route';
  readonly namespace: string;
  /** `0.0.0.0/0` and `::/0` for the default. */
  readonly to: string;
  readonly via: string;
  readonly device: string;
}
