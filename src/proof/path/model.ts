/** What forwards packets: namespaces with devices, addresses, routes and rules. `modelOf` makes it of resources. */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Listener } from '../../resource/listener.ts';
import type { LearnedRoute } from '../../resource/process.ts';
import type { Route } from '../../resource/route.ts';
import type { Table } from '../../resource/table.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { TableEvaluator } from '../evaluate.ts';
import type { Program } from './flows/program.ts';
import type { NotFollowed } from './not-followed.ts';
import type { MemberVlans } from './port-vlans.ts';

export interface Model {
  readonly stations: ReadonlyMap<string, Station>;
}

/** What matters of a tunnel, whoever makes it. */
export interface TunnelEnd
  extends Pick<Tunnel, 'namespace' | 'device' | 'type' | 'id' | 'port' | 'local' | 'remote' | 'parent' | 'learning'> {
  /** Its packets come by no hook of the kernel: Open vSwitch makes them in user space, and takes them out of the cable. */
  readonly beside?: true;
}

export interface Station {
  readonly namespace: string;
  readonly devices: ReadonlyMap<string, Device>;
  readonly addresses: readonly DeviceAddress[];
  readonly routes: readonly ModelRoute[];
  readonly forwards: (family: Family) => boolean;
  /** `rp_filter` of a device (ip-sysctl): 0 is off, 1 wants the way back to be by the device, 2 any way back. */
  readonly reversePath: (device: string) => 0 | 1 | 2;
  readonly tables: readonly RuledTable[];
  /** What flows do with frames on the bridges of Open vSwitch that have some, or why that is not known. */
  readonly programs: ReadonlyMap<string, Program | NotFollowed>;
  readonly listeners: readonly Listener[];
  /** Whether programs run there that may listen wherever they like. */
  readonly hasPrograms: boolean;
}

export interface Device {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** The other end of the cable. */
  readonly peer?: { readonly namespace: string; readonly device: string };
  /** The bridge that it is a port of. */
  readonly master?: string;
  /** As a port of a bridge: nothing passes between two that are (bridge(8)). */
  readonly isolated?: true;
  /** The host's device that it sits on. */
  readonly parent?: string;
  /** Of a bridge: it is a switch of Open vSwitch, whose frames netfilter does not see. */
  readonly openVSwitch?: true;
  /** Of a switch of Open vSwitch: it passes on frames of the spanning tree protocol. */
  readonly forwardsBpdu?: true;
  /** Of a bridge: whether its ports are in VLANs. */
  readonly filters?: boolean;
  /** Of a bridge that speaks the spanning tree protocol. */
  readonly tree?: { readonly priority: number };
  /** As a port: what the spanning tree counts it for, where it was told. */
  readonly pathCost?: number;
  /** As a port: the spanning tree protocol lets nothing pass by it. */
  readonly blocked?: true;
  /** The VLANs that it is in, as a port of a bridge that filters. */
  readonly vlans?: MemberVlans;
  /** Why what a port of Open vSwitch does with frames is not known. */
  readonly notFollowed?: string;
  /** The device in the same namespace on which its frames have this tag. */
  readonly tag?: { readonly parent: string; readonly id: number };
  /** What its frames travel in. */
  readonly tunnel?: TunnelEnd;
  /** Where its frames for a MAC address go, without being asked to learn. */
  readonly entries?: readonly ForwardingEntry[];
  /** Taken down. */
  readonly down?: true;
  /** The other end of the cable is taken down. */
  readonly noCarrier?: true;
  /** Takes in packets of 127.0.0.0/8 (`route_localnet`). */
  readonly localnet?: true;
}

export interface DeviceAddress {
  readonly device: string;
  readonly address: Address;
  readonly prefix: Prefix;
}

export interface ModelRoute {
  readonly to: Prefix;
  readonly via?: Address;
  /** Undefined for `unreachable`. */
  readonly device?: string;
  /** Undefined for what is on the link, and for what is learned. */
  readonly route?: Route;
  /** What others have told of by a routing protocol. */
  readonly learned?: LearnedRoute;
  /** Which of several ways a packet takes is the kernel's to say: one for each flow. */
  readonly undecided?: true;
}

export interface RuledTable {
  readonly table: Table;
  readonly evaluator: TableEvaluator;
}
