import type { Origin } from '../../diagnostic/diagnostic.ts';

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
