import type { Wire } from '../../network/switching/cables.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { Sysctl } from '../../resource/sysctl.ts';

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
