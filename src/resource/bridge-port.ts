import type { ResourceBase } from './resource.ts';

/** A device of the host that is not ours, made a port of a bridge of ours for as long as the bottle runs. */
export interface BridgePort extends ResourceBase {
  readonly kind: 'bridge-port';
  readonly device: string;
  readonly master: string;
}
