/** Switches of Open vSwitch in machines that nobody asked for, and devices that belong to them. */
import type { Wire } from '../network/switching/cables.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { OvsSwitch } from '../resource/ovs-switch.ts';
import type { Sysctl } from '../resource/sysctl.ts';

/** Seconds. The least that Open vSwitch takes; without the spanning tree protocol nothing waits for it. */
export const LEAST_FORWARD_DELAY = 4;

/** One that switches, and nothing more, in a machine. */
export const plainSwitch = (namespace: string, device: string, mac: string, origin: OvsSwitch['origin']): OvsSwitch => ({
  kind: 'ovs-switch',
  origin,
  namespace,
  device,
  mac,
  datapath: 'netdev',
  spanningTree: 'off',
  priority: 32768,
  forwardDelay: LEAST_FORWARD_DELAY,
  ageing: 300,
  failMode: 'standalone',
  controllers: [],
});

/** IPv6 is off on a device with a smaller MTU (RFC 8200, section 5). */
const LEAST_MTU_OF_IPV6 = 1280;

/**
 * The kernel sees what Open vSwitch takes from a device, too: to frames without a tag it would answer as well, to ARP with a second
 * MAC address. No question for an address is answered there, no source is behind it, and there is no IPv6 (ip-sysctl).
 */
export function deafened(
  { ipv6 }: HostFacts,
  { origin, mtu }: Pick<Wire, 'origin' | 'mtu'>,
  namespace: string,
  device: string,
): readonly Sysctl[] {
  const setting = (key: string, value: string): Sysctl => ({ kind: 'sysctl', origin, namespace, key, value });
  return [
    setting(`net/ipv4/conf/${device}/arp_ignore`, '8'),
    setting(`net/ipv4/conf/${device}/rp_filter`, '1'),
    ...(ipv6 && mtu >= LEAST_MTU_OF_IPV6 ? [setting(`net/ipv6/conf/${device}/disable_ipv6`, '1')] : []),
  ];
}
