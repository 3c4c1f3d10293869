import type { Address, Prefix } from '../../address/ip.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { PortRange } from '../service.ts';

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
