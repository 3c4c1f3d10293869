import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Impairment } from '../impairment.ts';
import type { Endpoint, Overlay } from '../overlay/tunnel.ts';

/** A cable between two switches. */
export interface Trunk {
  readonly ends: readonly [string, string];
  readonly carries: readonly Carried[];
  /** Bytes, of the packets in frames with a tag or without. */
  readonly mtu: number;
  readonly checksumOffload: boolean;
  /** Where it is no cable: between the machines that its switches run in. */
  readonly tunnel?: TrunkTunnel;
  readonly impairment?: Impairment;
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
  readonly impairment?: Impairment;
  readonly origin: Origin;
}
