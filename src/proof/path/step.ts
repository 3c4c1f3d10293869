import type { Address } from '../../address/ip.ts';
import type { Flow } from '../../resource/openflow.ts';
import type { Route } from '../../resource/route.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Decision } from '../evaluate.ts';
import type { Packet } from '../packet.ts';
import type { ModelRoute } from './model.ts';
import type { Belonging } from './tracking.ts';

/** What happens to a packet at one place, in order. `at` is a namespace. */
export type Step =
  | { readonly kind: 'sent'; readonly at: string; readonly packet: Packet }
  | { readonly kind: 'routed'; readonly at: string; readonly route: ModelRoute }
  | {
      readonly kind: 'filtered';
      readonly at: string;
      readonly hook: string;
      readonly table: string;
      readonly decision: Decision;
      /** The device that it came in by and the one it leaves by, where there are. */
      readonly inDevice?: string | undefined;
      readonly outDevice?: string | undefined;
    }
  | {
      readonly kind: 'translated';
      readonly at: string;
      readonly what: 'source' | 'destination';
      readonly before: Packet;
      readonly after: Packet;
      /** Absent for packets of flows that were translated before. */
      readonly decision?: Decision;
    }
  /** A hook at which no rule decides about it, and nothing is translated. */
  | { readonly kind: 'passed'; readonly at: string; readonly hook: string }
  /** On its way out of the host, to an address that the file does not know. */
  | { readonly kind: 'masqueraded'; readonly at: string; readonly decision: Decision }
  | { readonly kind: 'tracked'; readonly at: string; readonly state: Packet['state'] }
  /** Cut up to fit a device; `mtu` in bytes. */
  | { readonly kind: 'fragmented'; readonly at: string; readonly device: string; readonly mtu: number }
  | {
      readonly kind: 'bridged';
      readonly at: string;
      readonly bridge: string;
      readonly inPort: string;
      readonly outPort?: string | undefined;
      readonly vlan?: number;
    }
  /** A flow of the bridge has decided, or its table has none for it. */
  | {
      readonly kind: 'matched';
      readonly at: string;
      readonly bridge: string;
      readonly table: number;
      readonly flow?: Flow;
      readonly decision: Decision;
      /** What came before the packet and did not get through: asking for whom it goes to. */
      readonly asking?: true;
    }
  /** Flows have changed the frame; MAC addresses are part of it. */
  | { readonly kind: 'changed'; readonly at: string; readonly bridge: string; readonly before: Packet; readonly after: Packet }
  /** Put into a packet, which is `sent` next; `decapsulated` is where it comes out of it. `beside`: that packet comes by no hook there. */
  | {
      readonly kind: 'encapsulated';
      readonly at: string;
      readonly device: string;
      readonly type: Tunnel['type'];
      readonly id: number;
      readonly beside?: true;
    }
  | { readonly kind: 'decapsulated'; readonly at: string; readonly device: string; readonly beside?: true }
  /** `packet`: where it is not known who has sent it. */
  | { readonly kind: 'received'; readonly at: string; readonly device: string; readonly packet?: Packet };

/** Who takes a packet that has arrived. */
export type Listener =
  | 'built-in'
  | 'perhaps a program'
  | 'nobody'
  /** The kernel answers to ping. */
  | 'echo'
  /** Whoever sent what it answers, or what it is an error about. */
  | 'asker'
  /** The kernel, and says nothing. */
  | 'kernel';

/** How it ends. */
export type Ending =
  | { readonly kind: 'delivered'; readonly at: string; readonly listener: Listener }
  | { readonly kind: 'dropped' | 'rejected'; readonly at: string; readonly decision: Decision }
  /** It comes from outside with an address of the receiver's own (IPv4), or one that nobody can have there. */
  | { readonly kind: 'martian-source'; readonly at: string }
  /** It comes from outside and is for an address that is nowhere but inside, such as 127.0.0.1. */
  | { readonly kind: 'martian-destination'; readonly at: string }
  /** The reverse path filter: packets to its source would leave by another device, or not at all (IPv4). */
  | { readonly kind: 'reverse-path'; readonly at: string; readonly device: string }
  /** A router does not pass on what comes from a link-local address (RFC 4291, 2.5.6). */
  | { readonly kind: 'beyond-scope'; readonly at: string }
  | { readonly kind: 'no-route' | 'not-forwarded' | 'no-source'; readonly at: string }
  /** `circle`: it has come by before. */
  | { readonly kind: 'hop-limit'; readonly at: string; readonly circle: boolean }
  /** Larger than what a device sends, and not to be cut up; `mtu` in bytes. */
  | { readonly kind: 'too-big'; readonly at: string; readonly device: string; readonly mtu: number }
  /** Larger than what a port of a bridge takes, which says so to nobody. */
  | { readonly kind: 'frame-too-big'; readonly at: string; readonly device: string; readonly mtu: number }
  | { readonly kind: 'unreachable'; readonly at: string; readonly route: Route | undefined }
  /** There are several equally good ways, of which the kernel takes one for each flow. */
  | { readonly kind: 'undecided'; readonly at: string; readonly route: ModelRoute }
  /** Nobody answers to neighbour discovery. */
  | { readonly kind: 'nobody-there'; readonly at: string; readonly device: string; readonly address: Address }
  /** The frame comes to no interface with its MAC address: bridges flood it, and nobody takes it. */
  | { readonly kind: 'nobody-has-mac'; readonly at: string; readonly device: string; readonly mac: string }
  /** Nobody answers to neighbour discovery, because a device on the way is down. */
  | {
      readonly kind: 'link-down';
      readonly at: string;
      readonly device: string;
      readonly down: { readonly at: string; readonly device: string };
    }
  /** A broadcast or multicast: to all on the link, and no further. `device` where it is sent, absent where it comes in. */
  | { readonly kind: 'to-all'; readonly at: string; readonly what: 'broadcast' | 'multicast'; readonly device?: string }
  /** It leaves by the host, out of what the file describes. */
  | { readonly kind: 'outside'; readonly at: string };

export interface Trace {
  readonly steps: readonly Step[];
  readonly ending: Ending;
  /** As it was in the end. */
  readonly packet: Packet;
  /** The flow that it belonged to there. */
  readonly belonging?: Belonging;
  /** It was in a tunnel, and the packet that ended is the one around it; so nobody answers to the neighbour discovery of `asker`. */
  readonly carried?: { readonly asker?: string };
}
