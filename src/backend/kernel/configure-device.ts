/** What a device gets besides its being: mark, addresses of its own or none, checksums, up or down. */
import { existsSync } from 'node:fs';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import type { IndexOf } from './device-indices.ts';
import { setChecksumOffload } from './ethtool.ts';
import { markText } from './mark.ts';
import { changeDevice, setUp } from './netlink/link.ts';
import { portVlans, setPortVlans } from './netlink/port-vlans.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import type { Site } from './visit.ts';

/** IPv6 is off on a device with a smaller MTU (RFC 8200, section 5), and then knows nothing of its settings. */
const LEAST_MTU_OF_IPV6 = 1280;
const kernelHasIPv6 = existsSync('/proc/net/if_inet6');
const hasIPv6 = ({ mtu }: { readonly mtu: number }): boolean => kernelHasIPv6 && mtu >= LEAST_MTU_OF_IPV6;

/** In a message of its own, because a change of the MTU switches IPv6 on. */
export function withoutLinkLocal(socket: NetlinkSocket, device: { readonly device: string; readonly mtu: number }): void {
  if (hasIPv6(device)) changeDevice(socket, device.device, { noLinkLocal: true });
}

/** The mark goes on in the same batch as the making, so that no unmarked device is left by whoever is killed in between. */
export function configureEnd(site: Site, socket: NetlinkSocket, veth: Veth, end: 0 | 1, fresh: boolean, indexOf: IndexOf): void {
  const { device, mac, master, up, localnet } = veth.ends[end];
  changeDevice(socket, device, {
    alias: markText({ bottle: site.bottle, kind: 'veth', name: veth.name, end }),
    ...(fresh && hasIPv6(veth) ? { noLinkLocal: true } : {}),
    ...(master === undefined ? (fresh ? {} : { master: 0 }) : { master: indexOf(master) }),
    ...(fresh ? {} : { mac, mtu: veth.mtu }),
    ...(fresh && localnet === undefined ? {} : { localnet: localnet === true }),
  });
  if (!fresh) withoutLinkLocal(socket, { device, mtu: veth.mtu });
  setUp(socket, device, up);
}

/** On every new device offload is on. */
export function setOffload(
  socket: NetlinkSocket,
  { device, checksumOffload }: Pick<VethEnd, 'device' | 'checksumOffload'>,
  fresh: boolean,
): void {
  if (!fresh || !checksumOffload) setChecksumOffload(socket.fd, device, checksumOffload);
}

/** Puts ports into their VLANs. They are ports by now; one that was moved from another bridge is in none. */
export function joinVlans(socket: NetlinkSocket, ends: readonly VethEnd[], indexOf: IndexOf): void {
  const ports = ends.filter(({ vlans }) => vlans !== undefined);
  if (ports.length === 0) return;
  const there = portVlans(socket);
  for (const { device, vlans } of ports) if (vlans !== undefined) setPortVlans(socket, indexOf(device), vlans, there.get(indexOf(device)));
}
