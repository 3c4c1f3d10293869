import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** For whom no other entry is: broadcasts, and frames to whom nobody has heard yet. */
export const UNKNOWN_MAC = '00:00:00:00:00:00';

/** Where a tunnel sends frames for a MAC address (bridge(8), "bridge fdb"). Several of one address each get a copy. */
export interface ForwardingEntry extends ResourceBase {
  readonly kind: 'forwarding-entry';
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  /** The address of another endpoint. */
  readonly to: string;
}

export const forwardingEntryKind: Kind<ForwardingEntry> = {
  identity: ({ namespace, device, mac, to }) => `forwarding-entry:${namespace}/${device}/${mac}/${to}`,
  provides: () => [],
  requires: ({ namespace, device }) => [deviceKey(namespace, device)],
  goesWith: ({ namespace, device }) => [inNamespace(namespace), [deviceKey(namespace, device)]],
  differences: (before, after) => compare(before, after, {}),
  describe: ({ namespace, device, mac, to }) => `forwarding entry ${mac} to ${to} on ${device} in ${namespace}`,
};
