/** Lies about who speaks: on Ethernet, in ARP and in IPv4. */
import { arp, bytes, ETHERTYPE, ethernet, icmpv4, icmpv6, ipv4, ipv6, u16, udp } from './frame.ts';
import type { Lie } from './lie.ts';
import { bob, eve, router } from './scene.ts';

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const text = Buffer.from('anything');
const ICMP = 1;
const IGMP = 2;
const UDP = 17;
const IPV6 = 41;
const AH = 51;

const fromEve = (type: number, payload: Buffer, to: string = bob.mac): Buffer => ethernet(to, eve.mac, type, payload);
const four = (from: string, to: string, protocol: number, payload: Buffer): Buffer =>
  fromEve(ETHERTYPE.ipv4, ipv4(from, to, protocol, payload));
const message = (from: string): Buffer => four(from, bob.four, UDP, udp(4000, 4001, text));

const ownMac = { stop: 'port, MAC address and source address are looked up together', source: 'RFC 7039' };
const ownAddress = ownMac;
const resolution = { stop: 'both MAC addresses and the address of the sender are its own', source: 'RFC 826, RFC 5227' };
const types = { stop: 'no types but IPv4, ARP and IPv6', source: 'IEEE 802.1Q' };
const servers = { stop: 'UDP from port 67', source: 'RFC 2131' };

const resolved = (changes: Partial<Parameters<typeof arp>[0]>, to = BROADCAST, from = eve.mac): Buffer =>
  ethernet(to, from, ETHERTYPE.arp, arp({ operation: 1, senderMac: eve.mac, sender: eve.four, target: bob.four, ...changes }));

/** BOOTREPLY to everybody, with the message type in option 53. */
function dhcp(kind: number): Buffer {
  const fixed = bytes([2, 1, 6, 0], [1, 2, 3, 4], Buffer.alloc(8), [10, 0, 0, 66], [10, 0, 0, 66], Buffer.alloc(4 + 16 + 64 + 128));
  return udp(67, 68, bytes(fixed, [0x63, 0x82, 0x53, 0x63], [53, 1, kind, 255]));
}

const offer = dhcp(2);
const offered = (payload: Buffer, options = {}): Buffer =>
  fromEve(ETHERTYPE.ipv4, ipv4(eve.four, '255.255.255.255', UDP, payload, options), BROADCAST);

/** IEEE 802.1D: priority 0, so that it would become the root. */
const bpdu = ethernet(
  '01:80:c2:00:00:00',
  eve.mac,
  38,
  bytes(
    [0x42, 0x42, 3],
    [0, 0, 0, 0, 0],
    [0, 0, 2, 0, 0, 0, 0, 1],
    [0, 0, 0, 0],
    [0, 0, 2, 0, 0, 0, 0, 1],
    [0x80, 1],
    u16(0),
    [20, 0, 2, 0, 15, 0],
    Buffer.alloc(8),
  ),
);

const routerAdvertisement = ipv6(eve.link, 'ff02::1', 58, icmpv6(134, Buffer.alloc(12), eve.link, 'ff02::1'));

export const linkLies: readonly Lie[] = [
  {
    name: "IPv4 under another's MAC address",
    ...ownMac,
    frames: [ethernet(bob.mac, router.mac, ETHERTYPE.ipv4, ipv4(eve.four, bob.four, UDP, udp(1, 2, text)))],
  },
  { name: "IPv4 under another's address", ...ownAddress, frames: [message(router.four)] },
  { name: "IPv4 under the receiver's address", ...ownAddress, frames: [message(bob.four)] },
  { name: 'IPv4 under an address that nobody has here', ...ownAddress, frames: [message('10.0.0.200')] },
  { name: 'IPv4 under an address of elsewhere', ...ownAddress, frames: [message('192.0.2.7')] },
  { name: 'IPv4 under an address of a prefix that is routed to another', ...ownAddress, frames: [message(bob.routed.four)] },
  { name: 'IPv4 from 0.0.0.0 that is not for a DHCP server', ...ownAddress, frames: [message('0.0.0.0')] },
  { name: 'IPv4 from 127.0.0.1', ...ownAddress, frames: [message('127.0.0.1')] },
  {
    name: "ARP reply: another's address is mine",
    ...resolution,
    frames: [resolved({ operation: 2, sender: router.four, targetMac: bob.mac }, bob.mac)],
  },
  { name: "ARP request under another's address", ...resolution, frames: [resolved({ sender: router.four })] },
  { name: "gratuitous ARP for another's address", ...resolution, frames: [resolved({ sender: router.four, target: router.four })] },
  { name: "ARP probe for another's address", ...resolution, frames: [resolved({ sender: '0.0.0.0', target: router.four })] },
  {
    name: "ARP reply: my address is at another's MAC address",
    ...resolution,
    frames: [resolved({ operation: 2, senderMac: router.mac, targetMac: bob.mac }, bob.mac)],
  },
  { name: "ARP request in a frame of another's MAC address", ...resolution, frames: [resolved({}, BROADCAST, router.mac)] },
  { name: 'ARP under an address of a prefix that is routed to another', ...resolution, frames: [resolved({ sender: bob.routed.four })] },
  { name: 'DHCPv4 offer', ...servers, frames: [offered(offer)] },
  { name: 'DHCPv4 ack', ...servers, frames: [offered(dhcp(5))] },
  {
    name: 'DHCPv4 offer in fragments',
    ...servers,
    frames: [offered(offer.subarray(0, 8), { more: true }), offered(offer.subarray(8), { offset: 8 })],
  },
  {
    name: 'DHCPv4 offer behind an authentication header',
    stop: 'UDP behind an authentication header',
    source: 'RFC 4302',
    frames: [four(eve.four, bob.four, AH, bytes(UDP, 4, [0, 0], [0, 0, 0, 1], [0, 0, 0, 1], Buffer.alloc(12), offer))],
  },
  {
    name: 'ICMP redirect',
    stop: 'ICMP of routers',
    source: 'RFC 1122 3.2.2.2',
    frames: [four(eve.four, bob.four, ICMP, icmpv4(5, bytes([10, 0, 0, 10], Buffer.alloc(28)), 1))],
  },
  {
    name: 'ICMP router advertisement',
    stop: 'ICMP of routers',
    source: 'RFC 1256',
    frames: [four(eve.four, bob.four, ICMP, icmpv4(9, bytes([1, 2, 7, 8], [10, 0, 0, 10], [0, 0, 0, 0])))],
  },
  {
    name: 'IGMP query',
    stop: 'IGMP of routers',
    source: 'RFC 3376, RFC 4541',
    frames: [four(eve.four, '224.0.0.1', IGMP, icmpv4(0x11, Buffer.alloc(4), 100))],
  },
  {
    name: 'multicast router advertisement (IGMP)',
    stop: 'IGMP of routers',
    source: 'RFC 4286',
    frames: [four(eve.four, '224.0.0.106', IGMP, icmpv4(0x30, Buffer.alloc(4), 20))],
  },
  {
    name: 'IPv6 in IPv4',
    stop: 'protocol 41',
    source: 'RFC 4213, RFC 7123',
    frames: [four(eve.four, bob.four, IPV6, routerAdvertisement)],
  },
  {
    name: 'reverse ARP',
    ...types,
    frames: [fromEve(ETHERTYPE.rarp, arp({ operation: 4, senderMac: eve.mac, sender: eve.four, targetMac: bob.mac, target: '10.0.0.66' }))],
  },
  { name: 'a frame of another type', ...types, frames: [fromEve(0x88b5, text)] },
  { name: 'a frame with a length in place of a type', ...types, frames: [fromEve(text.length + 3, bytes([0xaa, 0xaa, 3], text))] },
  {
    name: 'spanning tree protocol, where the switch does not speak it',
    stop: 'no types but IPv4, ARP and IPv6',
    source: 'IEEE 802.1D',
    frames: [bpdu],
  },
];
