import { compare, type Kind } from './kind.ts';
import { inOpenVSwitch } from './open-vswitch.ts';
import { broughtUp, ovsSwitchKey } from './ovs-switch.ts';
import { deviceKey, type ResourceBase } from './resource.ts';

/** A port of an Open vSwitch bridge (tables Port and Interface in ovs-vswitchd.conf.db(5)). */
export interface OvsPort extends ResourceBase {
  readonly kind: 'ovs-port';
  readonly namespace: string;
  /** Device name of the `ovs-switch` that it belongs to. */
  readonly switch: string;
  /** Unique in its Open vSwitch, at most 15 characters. */
  readonly name: string;
  readonly interface: OvsInterface;
  readonly vlan: OvsVlan;
  /** Of a spanning tree; without one, what the speed of the link says. */
  readonly pathCost?: number;
  /** Only of what is there: the device that it makes is down, or bears no mark. */
  readonly down?: true;
}

/**
 * What is behind a port. `device` is one of the namespace with the port's name, as a veth end; `internal` makes one;
 * `patch` is a cable to the port `peer` of another bridge of the same Open vSwitch.
 */
export type OvsInterface =
  | { readonly type: 'device' }
  | { readonly type: 'internal'; readonly mac: string }
  | { readonly type: 'patch'; readonly peer: string }
  | OvsTunnel;

/**
 * A tunnel. With the userspace datapath, what it sends leaves by the `ovs-switch` whose own device has an address in the
 * subnet of `remote`, or of the gateway to it.
 */
export interface OvsTunnel {
  readonly type: 'vxlan' | 'geneve' | 'gre';
  /** Address of the other end. */
  readonly remote: string;
  readonly local?: string;
  /** VNI of 24 bits, of GRE 32. Without one, GRE carries none and the others 0. */
  readonly key?: number;
  /** UDP port of the other end; not of GRE. */
  readonly port?: number;
  readonly tos?: number | 'inherit';
  readonly ttl?: number | 'inherit';
  /** Whether the outer packet may not be fragmented; it is so unless this is false. */
  readonly dontFragment?: boolean;
  /** Checksum of the outer UDP or GRE header. */
  readonly checksum?: boolean;
}

/**
 * Which VLANs pass, and in which frames (column `vlan_mode`). `access` is one VLAN without tags; `trunk` has tagged frames
 * of `trunks`, or of all VLANs when the list is empty, and those without a tag are in VLAN 0; with `native-…` what comes without a tag is in `tag`, and what
 * leaves of it is tagged or not; `dot1q-tunnel` puts frames with tags of their own into `tag`, those in `trunks` only where
 * there are some.
 */
export type OvsVlan =
  | { readonly mode: 'access'; readonly tag: number }
  | { readonly mode: 'trunk'; readonly trunks: readonly number[] }
  | { readonly mode: 'native-tagged' | 'native-untagged' | 'dot1q-tunnel'; readonly tag: number; readonly trunks: readonly number[] };

export const ovsPortKey = (namespace: string, name: string): string => `ovs-port:${namespace}/${name}`;

export const ovsPortKind: Kind<OvsPort> = {
  identity: ({ namespace, name }) => ovsPortKey(namespace, name),
  provides: ({ namespace, name, interface: { type } }) => [
    ovsPortKey(namespace, name),
    ...(type === 'internal' ? [deviceKey(namespace, name)] : []),
  ],
  requires: ({ namespace, name, switch: bridge, interface: { type } }) => [
    ovsSwitchKey(namespace, bridge),
    ...(type === 'device' ? [deviceKey(namespace, name)] : []),
  ],
  goesWith: ({ namespace, switch: bridge }) => [inOpenVSwitch(namespace), [ovsSwitchKey(namespace, bridge)]],
  differences: (before, after) => [
    ...compare(inOrder(before), inOrder(after), {
      switch: 'replace',
      interface: before.interface.type === after.interface.type ? 'live' : 'replace',
      vlan: 'live',
      pathCost: 'live',
    }),
    ...broughtUp(before, after),
  ],
  describe: ({ namespace, name, switch: bridge, interface: { type }, vlan }) =>
    `${type === 'device' ? '' : `${type} `}port ${name} of ${bridge} in ${namespace}${describeVlan(vlan)}`,
};

/** Two that say the same are written the same. */
function inOrder(port: OvsPort): OvsPort {
  const { interface: behind, vlan } = port;
  const trunks = vlan.mode === 'access' ? {} : { trunks: [...new Set(vlan.trunks)].sort((a, b) => a - b) };
  return { ...port, interface: sorted(behind), vlan: sorted({ ...vlan, ...trunks }) };
}

const sorted = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) as T;

function describeVlan(vlan: OvsVlan): string {
  if (vlan.mode === 'access') return `, tag ${vlan.tag}`;
  const trunks = vlan.trunks.length === 0 ? '' : `, trunks ${vlan.trunks.join(',')}`;
  return vlan.mode === 'trunk' ? trunks : `, ${vlan.mode} ${vlan.tag}${trunks}`;
}
