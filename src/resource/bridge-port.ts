import { compare, type Kind } from './kind.ts';
import { deviceKey, HOST, type ResourceBase } from './resource.ts';

/** A device of the host that is not ours, made a port of a bridge of ours for as long as the bottle runs. */
export interface BridgePort extends ResourceBase {
  readonly kind: 'bridge-port';
  readonly device: string;
  readonly master: string;
}

export const bridgePortKind: Kind<BridgePort> = {
  identity: ({ device }) => `bridge-port:${device}`,
  provides: () => [],
  requires: ({ master }) => [deviceKey(HOST, master)],
  goesWith: ({ master }) => [[deviceKey(HOST, master)]],
  differences: (before, after) => compare(before, after, { master: 'live' }),
  describe: ({ device, master }) => `${device} on the host, port of ${master}`,
};
