import { compare, type Kind } from './kind.ts';
import { inOpenVSwitch } from './open-vswitch.ts';
import { ovsPortKey } from './ovs-port.ts';
import { ovsSwitchKey } from './ovs-switch.ts';
import type { ResourceBase } from './resource.ts';

/** Copies of frames of an Open vSwitch bridge (table Mirror in ovs-vswitchd.conf.db(5)). */
export interface OvsMirror extends ResourceBase {
  readonly kind: 'ovs-mirror';
  readonly namespace: string;
  readonly switch: string;
  /** Unique on its switch. */
  readonly name: string;
  /** Which frames: all, or those that come in by `sources` or leave by `destinations`; of these VLANs only, where there are any. */
  readonly select: 'all' | { readonly sources: readonly string[]; readonly destinations: readonly string[] };
  readonly vlans: readonly number[];
  /** A port, which then carries nothing else, or a VLAN. */
  readonly output: { readonly port: string } | { readonly vlan: number };
}

const portsOf = ({ select, output }: OvsMirror): readonly string[] => [
  ...(select === 'all' ? [] : [...select.sources, ...select.destinations]),
  ...('port' in output ? [output.port] : []),
];

const inOrder = ({ select, vlans, ...mirror }: OvsMirror): OvsMirror => ({
  ...mirror,
  select: select === 'all' ? select : { sources: select.sources.toSorted(), destinations: select.destinations.toSorted() },
  vlans: vlans.toSorted((a, b) => a - b),
});

export const ovsMirrorKind: Kind<OvsMirror> = {
  identity: ({ namespace, switch: bridge, name }) => `ovs-mirror:${namespace}/${bridge}/${name}`,
  provides: () => [],
  requires: (mirror) => [
    ovsSwitchKey(mirror.namespace, mirror.switch),
    ...[...new Set(portsOf(mirror))].map((port) => ovsPortKey(mirror.namespace, port)),
  ],
  goesWith: ({ namespace, switch: bridge }) => [inOpenVSwitch(namespace), [ovsSwitchKey(namespace, bridge)]],
  differences: (before, after) => compare(inOrder(before), inOrder(after), { select: 'live', vlans: 'live', output: 'live' }),
  describe: ({ namespace, switch: bridge, name }) => `mirror ${name} of ${bridge} in ${namespace}`,
};
