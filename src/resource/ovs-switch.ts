import { compare, type Difference, type Kind } from './kind.ts';
import { inOpenVSwitch } from './open-vswitch.ts';
import { deviceKey, inNamespace, type ResourceBase } from './resource.ts';

/** A bridge of Open vSwitch (table Bridge in ovs-vswitchd.conf.db(5)). */
export interface OvsSwitch extends ResourceBase {
  readonly kind: 'ovs-switch';
  /** Where its Open vSwitch runs: a namespace with an `open-vswitch` of the bottle's own, or the host. */
  readonly namespace: string;
  /** Its name, which is that of its own device in the namespace too. */
  readonly device: string;
  readonly mac: string;
  /** `netdev` forwards in the daemon, `system` in the kernel, which needs the module openvswitch. */
  readonly datapath: 'netdev' | 'system';
  readonly spanningTree: 'off' | 'stp' | 'rstp';
  /** Of the spanning tree, 0 to 65535 (`rstp`: multiples of 4096); the switch with the lowest is the root. */
  readonly priority: number;
  /** Seconds from blocking to forwarding with a spanning tree; 4 to 30. */
  readonly forwardDelay: number;
  /** Seconds that a learned MAC address is kept. */
  readonly ageing: number;
  /** Without a controller that answers: `standalone` learns like any switch, `secure` forwards by the flows it has. */
  readonly failMode: 'standalone' | 'secure';
  /** `tcp:127.0.0.1:6653`, `ssl:…`, `unix:…` (ovsdb(7), "Active Connections"). Empty where flows come from the file, or from nobody. */
  readonly controllers: readonly string[];
  /** Whether it passes on the frames of the spanning tree protocol, which it does not speak itself. */
  readonly forwardsBpdu?: true;
  /** Only of what is there: its own device is down, or bears no mark. */
  readonly down?: true;
}

/** What needs an Open vSwitch bridge, and not just a device. */
export const ovsSwitchKey = (namespace: string, device: string): string => `ovs-switch:${namespace}/${device}`;

const inOrder = (bridge: OvsSwitch): OvsSwitch => ({ ...bridge, controllers: bridge.controllers.toSorted() });

/** Of something that Open vSwitch makes a device for. */
export const broughtUp = (before: { readonly down?: true }, after: { readonly down?: true }): readonly Difference[] =>
  before.down === true && after.down !== true ? [{ field: 'device', before: 'down', after: 'up', effect: 'live' }] : [];

export const ovsSwitchKind: Kind<OvsSwitch> = {
  identity: ({ namespace, device }) => ovsSwitchKey(namespace, device),
  provides: ({ namespace, device }) => [ovsSwitchKey(namespace, device), deviceKey(namespace, device)],
  requires: ({ namespace }) => [...inNamespace(namespace), ...inOpenVSwitch(namespace)],
  goesWith: ({ namespace }) => [inOpenVSwitch(namespace)],
  differences: (before, after) => [
    ...compare(inOrder(before), inOrder(after), {
      mac: 'live',
      datapath: 'replace',
      spanningTree: 'live',
      priority: 'live',
      forwardDelay: 'live',
      ageing: 'live',
      failMode: 'live',
      controllers: 'live',
      forwardsBpdu: 'live',
    }),
    ...broughtUp(before, after),
  ],
  describe: ({ namespace, device, datapath }) => `Open vSwitch bridge ${device} (${datapath}) in ${namespace}`,
};
