/** A transport protocol with ports, or ICMP echo. `ports` is inclusive; TCP and UDP only. */
export interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports?: PortRange;
  /** As written: `http`, `tcp/8000-8100`. */
  readonly name: string;
}

/** Inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}
