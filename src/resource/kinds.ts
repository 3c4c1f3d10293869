import { addressKind, type DeviceAddress } from './address.ts';
import { type Bridge, bridgeKind } from './bridge.ts';
import { type BridgePort, bridgePortKind } from './bridge-port.ts';
import { type File, fileKind } from './file.ts';
import { type ForwardingEntry, forwardingEntryKind } from './forwarding-entry.ts';
import { type Ifb, ifbKind } from './ifb.ts';
import type { Kind } from './kind.ts';
import { type Listener, listenerKind } from './listener.ts';
import { type Macvlan, macvlanKind } from './macvlan.ts';
import { type Namespace, namespaceKind } from './namespace.ts';
import { type OpenVSwitch, openVSwitchKind } from './open-vswitch.ts';
import { type OpenFlow, openFlowKind } from './openflow.ts';
import { type OvsMirror, ovsMirrorKind } from './ovs-mirror.ts';
import { type OvsPort, ovsPortKind } from './ovs-port.ts';
import { type OvsSwitch, ovsSwitchKind } from './ovs-switch.ts';
import { type Process, processKind } from './process.ts';
import { type Qdisc, qdiscKind } from './qdisc.ts';
import { type Route, routeKind } from './route.ts';
import { deviceOf, type Sysctl, sysctlKind } from './sysctl.ts';
import { type Table, tableKind } from './table.ts';
import { type Tunnel, tunnelKind } from './tunnel.ts';
import { type Veth, vethKind } from './veth.ts';
import { type Vlan, vlanKind } from './vlan.ts';

/** Anything that a host can hold for a bottle. */
export type Resource =
  | Namespace
  | Table
  | Bridge
  | BridgePort
  | Veth
  | Macvlan
  | Vlan
  | Tunnel
  | ForwardingEntry
  | OpenVSwitch
  | OvsSwitch
  | OvsPort
  | OvsMirror
  | OpenFlow
  | Ifb
  | Qdisc
  | Sysctl
  | DeviceAddress
  | Route
  | File
  | Listener
  | Process;

/** In the order in which they are made. Settings and rules come before the wires: devices take the defaults, and nothing passes unguarded. */
const kinds: { readonly [K in Resource['kind']]: Kind<Extract<Resource, { readonly kind: K }>> } = {
  namespace: namespaceKind,
  table: tableKind,
  sysctl: sysctlKind,
  bridge: bridgeKind,
  'bridge-port': bridgePortKind,
  veth: vethKind,
  macvlan: macvlanKind,
  vlan: vlanKind,
  'open-vswitch': openVSwitchKind,
  'ovs-switch': ovsSwitchKind,
  'ovs-port': ovsPortKind,
  'ovs-mirror': ovsMirrorKind,
  openflow: openFlowKind,
  // Also by devices that Open vSwitch makes.
  tunnel: tunnelKind,
  'forwarding-entry': forwardingEntryKind,
  ifb: ifbKind,
  qdisc: qdiscKind,
  address: addressKind,
  route: routeKind,
  file: fileKind,
  listener: listenerKind,
  process: processKind,
};

const orderOfMaking = new Map(Object.keys(kinds).map((kind, place) => [kind, place]));

/** A setting of one device comes when that is there. */
export const orderOf = (resource: Resource): number =>
  orderOfMaking.get(resource.kind === 'sysctl' && deviceOf(resource) !== undefined ? 'qdisc' : resource.kind) ?? 0;

/** What is known of the resource's kind. The table above ties each kind to its type; here the tie is taken on trust. */
export const kindOf = (resource: Resource): Kind<Resource> => kinds[resource.kind] as unknown as Kind<Resource>;

export const identityOf = (resource: Resource): string => kindOf(resource).identity(resource);
