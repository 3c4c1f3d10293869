import type { Route } from '../../resource/route.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Decision } from '../evaluate.ts';
import type { Packet } from '../packet.ts';
import type { ModelRoute } from './model.ts';

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
  /** On its way out of the host, to an address that the file does not know. */
  | { readonly kind: 'masqueraded'; readonly at: string; readonly decision: Decision }
  | { readonly kind: 'tracked'; readonly at: string; readonly state: Packet['state'] }
  | {
      readonly kind: 'bridged';
      readonly at: string;
      readonly bridge: string;
      readonly inPort: string;
      readonly outPort?: string | undefined;
    }
  /** Put into a packet, which is `sent` next; `decapsulated` is where it comes out of it. */
  | { readonly kind: 'encapsulated'; readonly at: string; readonly device: string; readonly type: Tunnel['type']; readonly id: number }
  | { readonly kind: 'decapsulated'; readonly at: string; readonly device: string }
  | { readonly kind: 'received'; readonly at: string; readonly device: string };

/** How it ends. */
export type Ending =
  | { readonly kind: 'delivered'; readonly at: string; readonly listener: 'built-in' | 'perhaps a program' | 'nobody' | 'echo' }
  | { readonly kind: 'dropped' | 'rejected'; readonly at: string; readonly decision: Decision }
  /** IPv4: it comes from outside with an address of the receiver's own. */
  | { readonly kind: 'martian-source'; readonly at: string }
  | { readonly kind: 'no-route' | 'not-forwarded' | 'hop-limit' | 'no-source'; readonly at: string }
  | { readonly kind: 'unreachable'; readonly at: string; readonly route: Route | undefined }
  /** Nobody answers to neighbour discovery. */
  | { readonly kind: 'nobody-there'; readonly at: string; readonly device: string; readonly address: Packet['destination'] }
  /** It leaves by the host, out of what the file describes. */
  | { readonly kind: 'outside'; readonly at: string };

export interface Trace {
  readonly steps: readonly Step[];
  readonly ending: Ending;
  /** As it was in the end. */
  readonly packet: Packet;
}
