import type { Address, Prefix } from '../address/ip.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Expectation } from './expectation.ts';
import type { Impairment } from './impairment.ts';
import type { Forward, SourceNat } from './nat/translation.ts';
import type { Overlay } from './overlay/tunnel.ts';
import type { Policy } from './policy/policy-line.ts';
import type { Bgp, Ospf } from './routing/protocols.ts';
import type { LearnedRoute, StaticRoute, UnicastRoute } from './routing/route.ts';
import type { Service } from './service.ts';
import type { Trunk, Wire } from './switching/cables.ts';
import type { Switch } from './switching/switch.ts';

/**
 * The network that a file describes, with everything decided: every address, MAC address, interface name and route.
 * Frozen, and silent about how Linux would do it.
 */
export interface Network {
  readonly name: string;
  /** Networks and direct links alike, in the order of the file. */
  readonly segments: readonly Segment[];
  /** Those that the file names, in its order; every other network has one of its own. */
  readonly switches: readonly Switch[];
  readonly trunks: readonly Trunk[];
  /** Machines, routers and bridges, in the order of the file. */
  readonly nodes: readonly Node[];
  readonly groups: readonly Group[];
  /** Absent where the file has none: then everything is allowed. */
  readonly policy?: Policy;
  readonly forwards: readonly Forward[];
  readonly expectations: readonly Expectation[];
}

/** How a segment relates to the host. */
export type Attachment =
  | { readonly mode: 'internal' }
  /** The host has addresses in it, and forwards nothing to or from it. */
  | { readonly mode: 'host-only'; readonly host: HostLeg }
  /** The host forwards out of it, under its own address. */
  | { readonly mode: 'nat'; readonly host: HostLeg }
  /** The host forwards to and from it, addresses unchanged. */
  | { readonly mode: 'routed'; readonly host: HostLeg }
  /** Machines sit on a device of the host's (macvlan). */
  | { readonly mode: 'macvlan'; readonly parent: string }
  /** The segment is joined with a bridge that is there already. */
  | { readonly mode: 'bridge'; readonly bridge: string; readonly device: string }
  /** A device of the host's becomes a port of the segment. */
  | { readonly mode: 'port'; readonly parent: string; readonly device: string };

export interface HostLeg {
  /** Name of the host's interface, at most 15 characters. */
  readonly device: string;
  readonly mac: string;
  readonly addresses: readonly InterfaceAddress[];
  /** What the host needs to answer networks behind routers of the bottle; empty for `host-only`. Never a default route. */
  readonly routes: readonly UnicastRoute[];
  /** The switch that it is plugged into, where the segment has others than its own. */
  readonly switch?: string;
}

export interface Segment {
  readonly name: string;
  /** `link` is a cable between two nodes: no switch, exactly two ends. */
  readonly kind: 'network' | 'link';
  /** At most one a family. */
  readonly subnets: readonly Prefix[];
  readonly attachment: Attachment;
  /** `dmz.corp`. */
  readonly domain: string;
  /** Bytes. */
  readonly mtu: number;
  readonly checksumOffload: boolean;
  /** Whether its switch speaks the spanning tree protocol. */
  readonly stp: boolean;
  /** Seconds that its switch remembers a MAC address. */
  readonly ageing: number;
  /** Seconds before a port of its switch forwards; 0 without the spanning tree protocol. */
  readonly forwardDelay: number;
  /** Whether machines of several tenants are in it, who must not pose as one another. */
  readonly shared: boolean;
  readonly tenant?: string;
  /** For every `nat` network, and no other: how the host changes the source of what leaves. */
  readonly nat?: SourceNat;
  /** Where it shares switches with others. */
  readonly vlan?: SegmentVlan;
  /** Where other networks carry it: then it has no switch. */
  readonly overlay?: Overlay;
  /** Of each of its cables that has none of its own. */
  readonly impairment?: Impairment;
  /** Of the cable between its switch and the host. */
  readonly hostImpairment?: Impairment;
  readonly origin: Origin;
}

export interface SegmentVlan {
  /** 1 to 4094. A network without a number in the file has one that no other has. */
  readonly id: number;
  /** At least one. */
  readonly switches: readonly string[];
}

/** Something with a network stack of its own. Bridges forward frames, routers packets, machines neither. */
export interface Node {
  readonly name: string;
  readonly kind: 'machine' | 'router' | 'bridge';
  readonly interfaces: readonly Interface[];
  /** Cables that are none of an interface alone. */
  readonly wires: readonly Wire[];
  /** For a `bridge`: the device that joins its interfaces, with the bridge's own addresses. */
  readonly bridge?: BridgeDevice;
  readonly routes: readonly StaticRoute[];
  /** For routers that learn their routes from others. */
  readonly ospf?: Ospf;
  readonly bgp?: Bgp;
  /** What it learns from others once all of them know all. */
  readonly learned: readonly LearnedRoute[];
  /** Names and addresses to ask for names, nearest first. */
  readonly resolver: Resolver;
  readonly processes: readonly ProcessSpec[];
  readonly listens: readonly Service[];
  readonly tenant?: string;
  /** For routers: one for each network that packets leave into under another source address. */
  readonly nat: readonly SourceNat[];
  readonly origin: Origin;
}

export interface InterfaceAddress {
  readonly address: Address;
  /** Bits. */
  readonly prefixLength: number;
}

export interface Interface {
  readonly segment: string;
  /** The switch that it is plugged into, where the segment has others than its own. */
  readonly switch?: string;
  /** Its frames have a tag, and come by a wire of the node. */
  readonly tagged?: true;
  /** At most 15 characters. */
  readonly device: string;
  readonly mac: string;
  /** The first of a family is the primary one, which it sends from. */
  readonly addresses: readonly InterfaceAddress[];
  /** Of its own cable, in each direction; where there is none, of what it sends and receives. */
  readonly impairment?: Impairment;
  readonly origin: Origin;
}

export interface BridgeDevice {
  readonly device: string;
  readonly mac: string;
  readonly addresses: readonly InterfaceAddress[];
  readonly stp: boolean;
  /** Seconds. */
  readonly forwardDelay: number;
  /** Seconds. */
  readonly ageing: number;
  readonly mtu: number;
}

export interface Resolver {
  readonly servers: readonly Address[];
  readonly search: readonly string[];
  /** Ask whom the host asks. */
  readonly host: boolean;
}

export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly restart: 'never' | 'on-failure' | 'always';
  readonly origin: Origin;
}

export interface Group {
  readonly name: string;
  /** Names of nodes and segments. */
  readonly members: readonly string[];
}
