/** What a guarded machine may send, all of which has to arrive. */
import { atomic, authentication, type Carried, destination, type Envelope, hopByHop, packet, split } from './extension.ts';
import { arp, bytes, ETHERTYPE, ethernet, groupMac, icmpv4, icmpv6, ip, ipv4, mac, solicitedNode, summed, udp } from './frame.ts';
import { envelope } from './lie.ts';
import { bob, eve, router } from './scene.ts';

interface Honest {
  readonly name: string;
  readonly frames: readonly Buffer[];
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const ICMP = 1;
const IGMP = 2;
const TCP = 6;
const UDP = 17;
const ESP = 50;
const ICMPV6 = 58;
const SCTP = 132;

const text = Buffer.from('anything at all');
const large = Buffer.alloc(64, 'x');
const segment = bytes([0, 80, 0, 81], Buffer.alloc(8), [0x50, 2, 1, 0], Buffer.alloc(4), large);
const four = (from: string, to: string, protocol: number, payload: Buffer, targetMac: string = bob.mac, options = {}): Buffer =>
  ethernet(targetMac, eve.mac, ETHERTYPE.ipv4, ipv4(from, to, protocol, payload, options));
const resolved = (changes: Partial<Parameters<typeof arp>[0]>, to = BROADCAST): Buffer =>
  ethernet(to, eve.mac, ETHERTYPE.arp, arp({ operation: 1, senderMac: eve.mac, sender: eve.four, target: bob.four, ...changes }));

const resolution: Readonly<Record<string, Buffer>> = {
  'ARP request': resolved({}),
  'ARP reply': resolved({ operation: 2, targetMac: bob.mac }, bob.mac),
  'gratuitous ARP': resolved({ target: eve.four }),
  'ARP probe for an address of its own': resolved({ sender: '0.0.0.0', target: eve.four }),
  'ARP under an address of a prefix that is routed to it': resolved({ sender: eve.routed.four }),
};

const datagram4 = udp(4000, 4001, large);

const inIpv4: Readonly<Record<string, readonly Buffer[]>> = {
  UDP: [four(eve.four, bob.four, UDP, datagram4)],
  TCP: [four(eve.four, bob.four, TCP, segment)],
  'UDP to everybody': [four(eve.four, '10.0.0.255', UDP, datagram4, BROADCAST)],
  'UDP to a group': [four(eve.four, '224.0.0.251', UDP, udp(5353, 5353, text), '01:00:5e:00:00:fb')],
  echo: [four(eve.four, bob.four, ICMP, icmpv4(8, text))],
  'an ICMP error': [four(eve.four, bob.four, ICMP, icmpv4(3, Buffer.alloc(32), 3))],
  ESP: [four(eve.four, bob.four, ESP, large)],
  SCTP: [four(eve.four, bob.four, SCTP, large)],
  'TCP behind an authentication header': [
    four(eve.four, bob.four, 51, bytes(TCP, 4, [0, 0], [0, 0, 0, 1], [0, 0, 0, 1], Buffer.alloc(12), segment)),
  ],
  'UDP in fragments': [
    four(eve.four, bob.four, UDP, datagram4.subarray(0, 16), bob.mac, { more: true }),
    four(eve.four, bob.four, UDP, datagram4.subarray(16, 32), bob.mac, { offset: 16, more: true }),
    four(eve.four, bob.four, UDP, datagram4.subarray(32), bob.mac, { offset: 32 }),
  ],
  'from a prefix that is routed to it': [four(eve.routed.four, bob.four, UDP, datagram4)],
  'DHCP discover': [four('0.0.0.0', '255.255.255.255', UDP, udp(68, 67, Buffer.alloc(240)), BROADCAST)],
  'DHCP renewal': [four(eve.four, bob.four, UDP, udp(68, 67, Buffer.alloc(240)))],
  'IGMP report': [four(eve.four, '224.0.0.22', IGMP, icmpv4(0x22, Buffer.alloc(12)), '01:00:5e:00:00:16')],
  'IGMP report without an address': [four('0.0.0.0', '224.0.0.22', IGMP, icmpv4(0x22, Buffer.alloc(12)), '01:00:5e:00:00:16')],
};

const at = envelope();
const link = envelope({ from: eve.link, to: bob.link });
const routed = envelope({ from: eve.routed.six });
const group = (from: string, to: string): Envelope => envelope({ from, to, targetMac: groupMac(to) });
const datagram = (where: Envelope, from = 4000, to = 4001): Carried => ({
  next: UDP,
  payload: summed(udp(from, to, large), where.from, where.to, UDP, 6),
});
const icmp = (type: number, body: Buffer, where: Envelope): Carried => ({
  next: ICMPV6,
  payload: icmpv6(type, body, where.from, where.to),
});
const echo = (where: Envelope, length = 64): Carried => icmp(128, Buffer.alloc(length), where);
const option = (type: number): Buffer => bytes(type, 1, mac(eve.mac));
const solicitation = (target: string, ...more: readonly Buffer[]): Buffer => bytes([0, 0, 0, 0], ip(target), ...more);
const free = group('::', solicitedNode(eve.six));
const routers = group(eve.link, 'ff02::2');
const nobody = group('::', 'ff02::2');
const report = bytes([0, 0, 0, 1], [4, 0, 0, 0], ip('ff02::1:ff00:10'));
const advertised = bytes([0x60, 0, 0, 0], ip(eve.six));

const inIpv6: Readonly<Record<string, readonly Buffer[]>> = {
  UDP: [packet(at, datagram(at))],
  TCP: [packet(at, { next: TCP, payload: segment })],
  echo: [packet(at, echo(at))],
  'under its link-local address': [packet(link, datagram(link))],
  'from a prefix that is routed to it': [packet(routed, datagram(routed))],
  'UDP to a group': [packet(group(eve.link, 'ff02::fb'), datagram(group(eve.link, 'ff02::fb'), 5353, 5353))],
  ESP: [packet(at, { next: ESP, payload: large })],
  'ICMPv6 error': [packet(at, icmp(1, Buffer.alloc(52), at))],
  'echo behind hop-by-hop options, as large as the network takes': [packet(at, hopByHop(echo(at, 8900)))],
  'echo behind destination options': [packet(at, destination(echo(at)))],
  'UDP behind hop-by-hop and destination options': [packet(at, hopByHop(destination(datagram(at))))],
  'TCP behind a fragment header': [packet(at, atomic({ next: TCP, payload: segment }))],
  'TCP behind an authentication header': [packet(at, authentication({ next: TCP, payload: segment }))],
  'UDP in fragments': split(at, datagram(at), 32),
  'UDP in fragments behind destination options': split(at, datagram(at), 32, destination),
  'echo in fragments': split(at, echo(at), 32),
  'TCP in fragments': split(at, { next: TCP, payload: segment }, 40),
  'is its address free': [packet(free, icmp(135, solicitation(eve.six), free))],
  'is its address free, with a nonce': [packet(free, icmp(135, solicitation(eve.six, bytes(14, 1, [1, 2, 3, 4, 5, 6])), free))],
  'neighbour solicitation': [
    packet(group(eve.six, solicitedNode(bob.six)), icmp(135, solicitation(bob.six, option(1)), group(eve.six, solicitedNode(bob.six)))),
  ],
  'neighbour solicitation to one, without an option': [packet(link, icmp(135, solicitation(bob.six), link))],
  'neighbour advertisement': [packet(link, icmp(136, bytes(advertised, option(2)), link))],
  'neighbour advertisement without an option': [packet(at, icmp(136, advertised, at))],
  'unsolicited neighbour advertisement': [
    packet(group(eve.link, 'ff02::1'), icmp(136, bytes(advertised, option(2)), group(eve.link, 'ff02::1'))),
  ],
  'router solicitation': [packet(routers, icmp(133, bytes([0, 0, 0, 0], option(1)), routers))],
  'router solicitation without an address': [packet(nobody, icmp(133, Buffer.alloc(4), nobody))],
  'MLD report': [packet(group(eve.link, 'ff02::16'), hopByHop(icmp(143, report, group(eve.link, 'ff02::16'))))],
  'MLD report without an address': [packet(group('::', 'ff02::16'), hopByHop(icmp(143, report, group('::', 'ff02::16'))))],
  'DHCPv6 solicit': [packet(group(eve.link, 'ff02::1:2'), datagram(group(eve.link, 'ff02::1:2'), 546, 547))],
  'UDP to a DHCPv6 server': [packet(at, datagram(at, 546, 547))],
  'UDP to the router': [packet(envelope({ to: router.six }), datagram(envelope({ to: router.six })))],
};

export const honest: readonly Honest[] = [
  ...Object.entries(resolution).map(([name, frame]) => ({ name, frames: [frame] })),
  ...Object.entries(inIpv4).map(([name, frames]) => ({ name: `IPv4: ${name}`, frames })),
  ...Object.entries(inIpv6).map(([name, frames]) => ({ name: `IPv6: ${name}`, frames })),
];
