/** What the compiler has to know of a host: plain data, read by a backend. */
export interface HostFacts {
  /** Whether the kernel has IPv6 at all. */
  readonly ipv6: boolean;
  /** Devices that learn routes from router advertisements and would stop when the host starts to forward (accept_ra is 1). */
  readonly advertised: readonly string[];
  /** Whether the sizes of the neighbour tables can be set; they are the kernel's, not a namespace's. */
  readonly neighbourTables: boolean;
  /** Whether bridges can filter VLANs, and devices be in one. Only looked at for networks with switches of their own. */
  readonly vlanFiltering: boolean;
  readonly vlanDevices: boolean;
  /** Name servers that the host asks and a machine could ask too. */
  readonly nameServers: readonly string[];
}
