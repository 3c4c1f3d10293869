import type { Kind } from './kind.ts';
import { HOST, inNamespace, type ResourceBase } from './resource.ts';

/**
 * An Open vSwitch of the bottle's own in a namespace: a database server and a switch daemon (ovsdb-server(1),
 * ovs-vswitchd(8)). That of the host is not made by anybody here: switches in the namespace `HOST` are in it.
 */
export interface OpenVSwitch extends ResourceBase {
  readonly kind: 'open-vswitch';
  readonly namespace: string;
  /** Only of what is there: one of its daemons has ended. */
  readonly ended?: true;
}

const openVSwitchKey = (namespace: string): string => `open-vswitch:${namespace}`;

/** The Open vSwitch that a thing lives in; the host's is never made nor taken away. */
export const inOpenVSwitch = (namespace: string): readonly string[] => (namespace === HOST ? [] : [openVSwitchKey(namespace)]);

export const openVSwitchKind: Kind<OpenVSwitch> = {
  identity: ({ namespace }) => openVSwitchKey(namespace),
  provides: ({ namespace }) => [openVSwitchKey(namespace)],
  requires: ({ namespace }) => inNamespace(namespace),
  // Its daemons have to end before their namespace goes, or the namespace would live on with them.
  goesWith: () => [],
  differences: (before, after) =>
    before.ended === true && after.ended !== true ? [{ field: 'daemons', before: 'ended', after: 'running', effect: 'live' }] : [],
  describe: ({ namespace }) => `Open vSwitch in ${namespace}`,
};
