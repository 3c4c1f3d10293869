import type { Address, Prefix } from '../address/ip.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';

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
  readonly origin: Origin;
}

/** What a cable does to packets, in each direction. 0 is none of it. */
export interface Impairment {
  /** Nanoseconds. */
  readonly delay: number;
  /** Nanoseconds that the delay varies by, to either side. */
  readonly jitter: number;
  /** Parts per million. */
  readonly loss: number;
  /** Parts per million. */
  readonly duplicate: number;
  /** Parts per million that the delay does not hold up. */
  readonly reorder: number;
  /** Bits a second, in whole bytes; 0 for no limit. */
  readonly rate: number;
}

export interface SegmentVlan {
  /** 1 to 4094. A network without a number in the file has one that no other has. */
  readonly id: number;
  /** At least one. */
  readonly switches: readonly string[];
}

export interface Switch {
  readonly name: string;
  /** `auto`: a Linux bridge if the kernel can do what it takes, else Open vSwitch. */
  readonly type: 'auto' | 'linux' | 'ovs';
  /** Whether it has to tell VLANs apart. */
  readonly filtering: boolean;
  readonly stp: boolean;
  /** Seconds. */
  readonly ageing: number;
  /** Seconds before a port forwards; 0 without the spanning tree protocol. */
  readonly forwardDelay: number;
  /** Bytes. */
  readonly mtu: number;
  /** What it does with frames instead of, or before, switching them; absent where it only switches. */
  readonly flows?: FlowTables;
  /** Who tells it its flows, as ovsdb(7) writes connections; empty where nobody does. */
  readonly controllers: readonly string[];
  readonly mirrors: readonly SwitchMirror[];
  /** The machine that it runs in; absent where it is a box by itself. */
  readonly machine?: string;
  readonly origin: Origin;
}

/** OpenFlow rules. What none of them speaks of is dropped. */
export interface FlowTables {
  readonly flows: readonly SwitchFlow[];
  readonly groups: readonly SwitchGroup[];
}

/** Fields, in the words of ovs-fields(7), and what is done with a frame that has them. */
export interface SwitchFlow {
  /** 0 to 254. */
  readonly table: number;
  /** 0 to 65535; the highest that matches decides. */
  readonly priority: number;
  readonly match: readonly { readonly field: string; readonly value: string | SwitchPort }[];
  readonly actions: readonly SwitchAction[];
  readonly origin: Origin;
}

/** In the words of ovs-actions(7). */
export type SwitchAction = string | { readonly output: SwitchPort };

export interface SwitchGroup {
  readonly id: number;
  readonly type: 'all' | 'select' | 'indirect' | 'ff';
  readonly buckets: readonly {
    readonly actions: readonly SwitchAction[];
    readonly weight?: number;
    readonly watchPort?: SwitchPort;
  }[];
}

/** Copies of frames, to a port that carries nothing else. */
export interface SwitchMirror {
  readonly name: string;
  /** Frames that come in by `sources` or leave by `destinations`. */
  readonly select: 'all' | { readonly sources: readonly SwitchPort[]; readonly destinations: readonly SwitchPort[] };
  /** Of these networks only, where there are any. */
  readonly segments: readonly string[];
  readonly output: SwitchPort;
  readonly origin: Origin;
}

/** A port of a switch, by what is plugged into it. */
export type SwitchPort =
  | { readonly kind: 'interface'; readonly node: string; readonly segment: string }
  /** A cable that carries several networks. */
  | { readonly kind: 'wire'; readonly node: string }
  | { readonly kind: 'trunk'; readonly to: string }
  | { readonly kind: 'host'; readonly segment: string };

/** A cable between two switches. */
export interface Trunk {
  readonly ends: readonly [string, string];
  readonly carries: readonly Carried[];
  /** Bytes, of the packets in frames with a tag or without. */
  readonly mtu: number;
  readonly checksumOffload: boolean;
  /** Where it is no cable: between the machines that its switches run in. */
  readonly tunnel?: TrunkTunnel;
  readonly origin: Origin;
}

export interface TrunkTunnel {
  readonly type: Overlay['type'];
  /** Network identifier, or key; 0 is none. */
  readonly id: number;
  /** The UDP port; absent for GRE. */
  readonly port?: number;
  /** Hops of the outer packets. */
  readonly ttl: number;
  /** In the order of the switches. */
  readonly ends: readonly [Endpoint, Endpoint];
}

interface Carried {
  /** Name of the network. */
  readonly segment: string;
  readonly tagged: boolean;
}

/** A cable of a node to a switch that carries several networks. */
export interface Wire {
  readonly switch: string;
  readonly device: string;
  readonly mac: string;
  /** The network whose frames have no tag; its interface has the same device. */
  readonly untagged?: string;
  /** Networks whose frames have one; their interfaces have devices of their own, which sit on this one. */
  readonly tagged: readonly string[];
  readonly mtu: number;
  readonly checksumOffload: boolean;
  readonly origin: Origin;
}

/** Ethernet in packets of other networks, from each endpoint to each. */
export interface Overlay {
  readonly type: 'vxlan' | 'geneve' | 'gre';
  /** The network identifier of VXLAN (RFC 7348) and Geneve (RFC 8926), 24 bits; the key of GRE (RFC 2890), 32 bits. */
  readonly id: number;
  /** The UDP port; absent for GRE. */
  readonly port?: number;
  /** The multicast group that carries what is for all; absent where each endpoint gets it by itself. */
  readonly group?: Address;
  /** Hops of the outer packets, 1 to 255. */
  readonly ttl: number;
  readonly learning: boolean;
  readonly endpoints: readonly Endpoint[];
}

/** A node at an end of a tunnel. */
export interface Endpoint {
  readonly node: string;
  /** Its interface in the network that carries the tunnel. */
  readonly device: string;
  /** Its address there. All endpoints of an overlay have one of the same family. */
  readonly address: Address;
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
  /** Of its cable, in each direction. */
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

/** OSPF as a router speaks it: version 2 for IPv4 (RFC 2328) and 3 for IPv6 (RFC 5340), all in area 0. */
export interface Ospf {
  /** Four bytes, written as an IPv4 address. */
  readonly routerId: string;
  readonly interfaces: readonly OspfInterface[];
  /** Whether it announces a default route that it has. */
  readonly default: boolean;
  readonly origin: Origin;
}

export interface OspfInterface {
  readonly segment: string;
  readonly device: string;
  /** Of leaving by it; 1 to 65535. */
  readonly cost: number;
  /** Announced, and silent. */
  readonly passive: boolean;
  /** Exactly two speak there: nobody has to be elected to speak for all. */
  readonly pointToPoint: boolean;
}

/** BGP-4 as a router speaks it (RFC 4271; RFC 2545 for IPv6), with a session for each address family. */
export interface Bgp {
  /** Its autonomous system; 1 to 4294967294 (RFC 6793). */
  readonly as: number;
  /** Four bytes, written as an IPv4 address. */
  readonly routerId: string;
  /** Segments of its own that it tells others of. */
  readonly announces: readonly string[];
  /** Whether it announces a default route that it has. */
  readonly default: boolean;
  readonly neighbours: readonly BgpNeighbour[];
  readonly origin: Origin;
}

export interface BgpNeighbour {
  readonly node: string;
  readonly as: number;
  /** By which the two meet, as each of them has it: a bridge may join two. */
  readonly segment: string;
  readonly theirs: string;
  readonly device: string;
  /** Between which addresses they speak. */
  readonly from: Address;
  readonly address: Address;
}

export interface LearnedRoute {
  readonly to: Prefix;
  /** Several where they are equally good: the kernel takes one for each flow. */
  readonly hops: readonly LearnedHop[];
}

export interface LearnedHop {
  readonly via: Address;
  readonly device: string;
}

export type StaticRoute = UnicastRoute | UnreachableRoute;

export interface UnicastRoute {
  readonly type: 'unicast';
  /** Length 0 for the default route. */
  readonly to: Prefix;
  readonly via: Address;
  /** Interface it leaves by. */
  readonly device: string;
  /** Written in the file, or found. */
  readonly given: boolean;
  readonly origin: Origin;
}

/** The file says `none`, and a wider route would take it otherwise. */
interface UnreachableRoute {
  readonly type: 'unreachable';
  readonly to: Prefix;
  readonly given: true;
  readonly origin: Origin;
}

export interface Resolver {
  readonly servers: readonly Address[];
  readonly search: readonly string[];
  /** Ask whom the host asks. */
  readonly host: boolean;
}

/** A transport protocol with ports, or ICMP echo. `ports` is inclusive; TCP and UDP only. */
export interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports?: PortRange;
  /** As written: `http`, `tcp/8000-8100`. */
  readonly name: string;
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

/** Packets that leave into `segment` get another source address. */
export interface SourceNat {
  readonly segment: string;
  /** At most one a family; for families without one, and where there is none, that of the interface it leaves by (masquerade). */
  readonly to: readonly Address[];
  /** Packets from or to these keep their source. */
  readonly except: readonly Prefix[];
  readonly origin: Origin;
}

/** What comes to these addresses and ports goes to a machine instead. */
export interface Forward {
  /** As written: `edge tcp/80`. */
  readonly text: string;
  /** The router that does it; `host` for the host. */
  readonly at: string;
  /** The addresses that it is for; empty for all of the host's. */
  readonly addresses: readonly Address[];
  readonly protocol: 'tcp' | 'udp';
  readonly ports: PortRange;
  readonly to: {
    readonly node: string;
    /** At most one a family: those to which the forward applies. */
    readonly addresses: readonly Address[];
    /** As long as `ports`. */
    readonly ports: PortRange;
  };
  readonly origin: Origin;
}

/** Inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What routers let pass. The order of lines means nothing: a line that denies wins over those that allow. */
export interface Policy {
  readonly lines: readonly PolicyLine[];
  /** What becomes of a packet that no line speaks of. */
  readonly otherwise: {
    readonly action: 'drop' | 'reject';
    readonly log: boolean;
    readonly origin: Origin;
  };
}

export interface PolicyLine {
  /** As written: `hub -> jump`. */
  readonly text: string;
  readonly from: End;
  readonly to: End;
  readonly action: 'allow' | 'drop' | 'reject';
  readonly services: readonly Service[] | 'any';
  readonly log: boolean;
  readonly origin: Origin;
}

/** What an end of `from -> to` stands for. */
export type End =
  | { readonly kind: 'any' }
  /** `internet` in a file without a network of that name: whatever lies beyond the host. */
  | { readonly kind: 'outside' }
  | {
      readonly kind: 'nodes';
      readonly text: string;
      /** The nodes and segments that the text stands for: itself, or the members of a group. */
      readonly members: readonly string[];
      /** The machines among and in them. */
      readonly nodes: readonly string[];
      /** Only its addresses here, where the end is a segment. */
      readonly segment?: string;
    }
  | { readonly kind: 'prefix'; readonly text: string; readonly prefix: Prefix };

/** A promise of the file: what `from` can do to `to`. */
export interface Expectation {
  readonly text: string;
  readonly from: End;
  readonly to: End;
  /** `at-least`: these work. `only`: these work and nothing else does. */
  readonly mode: 'at-least' | 'only' | 'nothing';
  readonly services: readonly Service[];
  readonly origin: Origin;
}
