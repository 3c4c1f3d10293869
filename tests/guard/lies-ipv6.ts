/** Lies in IPv6, and the ways to hide them. */
import { type Carried, destination, type Envelope, hidings, packet } from './extension.ts';
import { bytes, icmpv6, ip, ipv6, mac, solicitedNode, summed, udp } from './frame.ts';
import { envelope, type Lie } from './lie.ts';
import { bob, eve, router } from './scene.ts';

const UDP = 17;
const ICMPV6 = 58;
const IPV6 = 41;
const ALL_NODES = 'ff02::1';

const SOURCE_LINK_ADDRESS = 1;
const TARGET_LINK_ADDRESS = 2;
const linkOption = (type: number, address: string): Buffer => bytes(type, 1, mac(address));

const icmp = (type: number, body: Buffer, at: Envelope): Carried => ({ next: ICMPV6, payload: icmpv6(type, body, at.from, at.to) });
const datagram = (from: number, to: number, data: Buffer, at: Envelope): Carried => ({
  next: UDP,
  payload: summed(udp(from, to, data), at.from, at.to, UDP, 6),
});

const message = (at: Envelope): readonly Buffer[] => [packet(at, datagram(4000, 4001, Buffer.from('anything'), at))];

const ownAddress = { stop: 'port, MAC address and source address are looked up together', source: 'RFC 7039' };
const routers = { stop: 'ICMPv6 of routers', source: 'RFC 4861, RFC 6105, RFC 7113' };
const targets = { stop: 'the target of an advertisement is its own', source: 'RFC 4861 7.2' };
const options = { stop: 'one link-layer option, with its own address', source: 'RFC 4861 4.6.1' };
const servers = { stop: 'UDP from port 547', source: 'RFC 8415, RFC 7610' };
const tunnels = { stop: 'protocol 41', source: 'RFC 2473, RFC 7123' };
const unfragmented = { stop: 'neighbour discovery with extension headers or in fragments', source: 'RFC 6980' };
const chain = { stop: 'first fragments without the whole chain of headers', source: 'RFC 7112, RFC 7113' };

/** Solicited, overriding. */
const advertisement = (target: string, ...more: readonly Buffer[]): Buffer => bytes([0x60, 0, 0, 0], ip(target), ...more);
const solicitation = (target: string, ...more: readonly Buffer[]): Buffer => bytes([0, 0, 0, 0], ip(target), ...more);

const routerAdvertisement = bytes(
  [64, 0, 0x07, 0x08],
  Buffer.alloc(8),
  linkOption(SOURCE_LINK_ADDRESS, eve.mac),
  [3, 4, 64, 0xc0],
  [0, 1, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 0, 0],
  ip('2001:db8::'),
);
const redirect = bytes([0, 0, 0, 0], ip(eve.link), ip('2001:db8::7'), linkOption(TARGET_LINK_ADDRESS, eve.mac));
const dhcp = (kind: number): Buffer => bytes(kind, [1, 2, 3], [0, 2, 0, 10], [0, 3, 0, 1], mac(eve.mac));

function hideable(
  name: string,
  stopped: { readonly stop: string; readonly source: string },
  at: Envelope,
  carried: Carried,
  hidden = stopped,
): Lie {
  return {
    name,
    ...stopped,
    frames: [packet(at, carried)],
    hidden: Object.entries(hidings).map(([how, hide]) => ({
      name: `${name} ${how}`,
      ...(/atomic|ends before|two fragment headers/.test(how) ? chain : hidden),
      frames: hide(at, carried),
    })),
  };
}

const link = envelope({ from: eve.link, to: bob.link });
const everybody = envelope({ from: eve.link, to: ALL_NODES });
const unspecified = envelope({ from: '::', to: solicitedNode(router.six) });

export const ipv6Lies: readonly Lie[] = [
  { name: "IPv6 under another's MAC address", ...ownAddress, frames: message(envelope({ sourceMac: router.mac })) },
  { name: "IPv6 under another's address", ...ownAddress, frames: message(envelope({ from: router.six })) },
  { name: "IPv6 under another's link-local address", ...ownAddress, frames: message(envelope({ from: router.link })) },
  { name: "IPv6 under the receiver's address", ...ownAddress, frames: message(envelope({ from: bob.six })) },
  { name: 'IPv6 under an address that nobody has here', ...ownAddress, frames: message(envelope({ from: 'fd00::200' })) },
  { name: 'IPv6 under an address of elsewhere', ...ownAddress, frames: message(envelope({ from: '2001:db8::7' })) },
  {
    name: 'IPv6 under an address of a prefix that is routed to another',
    ...ownAddress,
    frames: message(envelope({ from: bob.routed.six })),
  },
  { name: 'IPv6 from :: that neither looks for an address nor for routers', ...ownAddress, frames: message(envelope({ from: '::' })) },
  hideable('router advertisement', routers, everybody, icmp(134, routerAdvertisement, everybody)),
  hideable('redirect', routers, link, icmp(137, redirect, link)),
  hideable('MLD query', { ...routers, source: 'RFC 2710, RFC 4541' }, everybody, icmp(130, Buffer.alloc(20), everybody)),
  { name: 'router renumbering', ...routers, source: 'RFC 2894', frames: [packet(link, icmp(138, Buffer.alloc(12), link))] },
  {
    name: 'multicast router advertisement (MLD)',
    ...routers,
    source: 'RFC 4286',
    frames: [packet(link, icmp(151, Buffer.alloc(4), link))],
  },
  hideable(
    "neighbour advertisement for another's address",
    targets,
    link,
    icmp(136, advertisement(router.six, linkOption(TARGET_LINK_ADDRESS, eve.mac)), link),
    unfragmented,
  ),
  {
    name: "neighbour advertisement for another's address, without an option",
    ...targets,
    frames: [packet(link, icmp(136, advertisement(router.six), link))],
  },
  {
    name: "neighbour advertisement: my address is at another's MAC address",
    ...options,
    frames: [packet(link, icmp(136, advertisement(eve.six, linkOption(TARGET_LINK_ADDRESS, router.mac)), link))],
  },
  {
    name: 'neighbour advertisement with a second, false link-layer option',
    ...options,
    frames: [
      packet(
        link,
        icmp(136, advertisement(eve.six, linkOption(TARGET_LINK_ADDRESS, eve.mac), linkOption(TARGET_LINK_ADDRESS, router.mac)), link),
      ),
    ],
  },
  {
    name: 'neighbour advertisement with a false link-layer option behind another option',
    ...options,
    frames: [
      packet(link, icmp(136, advertisement(eve.six, bytes(14, 1, Buffer.alloc(6)), linkOption(TARGET_LINK_ADDRESS, router.mac)), link)),
    ],
  },
  hideable(
    "neighbour solicitation: my address is at another's MAC address",
    options,
    link,
    icmp(135, solicitation(bob.six, linkOption(SOURCE_LINK_ADDRESS, router.mac)), link),
    unfragmented,
  ),
  {
    name: 'neighbour solicitation with a second, false link-layer option',
    ...options,
    frames: [
      packet(
        link,
        icmp(135, solicitation(bob.six, linkOption(SOURCE_LINK_ADDRESS, eve.mac), linkOption(SOURCE_LINK_ADDRESS, router.mac)), link),
      ),
    ],
  },
  {
    name: "neighbour solicitation from :: for another's address",
    stop: 'who has no address yet asks for its own only',
    source: 'RFC 4862 5.4',
    frames: [packet(unspecified, icmp(135, solicitation(router.six), unspecified))],
  },
  hideable(
    'true neighbour advertisement, behind destination options',
    unfragmented,
    link,
    destination(icmp(136, advertisement(eve.six, linkOption(TARGET_LINK_ADDRESS, eve.mac)), link)),
  ),
  {
    name: "router solicitation: my address is at another's MAC address",
    ...options,
    frames: [packet(link, icmp(133, bytes(Buffer.alloc(4), linkOption(SOURCE_LINK_ADDRESS, router.mac)), link))],
  },
  hideable('DHCPv6 advertise', servers, link, datagram(547, 546, dhcp(2), link)),
  hideable('DHCPv6 reply', servers, link, datagram(547, 546, dhcp(7), link)),
  hideable('IPv6 in IPv6', tunnels, envelope(), {
    next: IPV6,
    payload: ipv6(router.link, ALL_NODES, ICMPV6, icmpv6(134, routerAdvertisement, router.link, ALL_NODES)),
  }),
  {
    name: 'TCP in fragments, the first too small for its header',
    ...chain,
    frames: hidings['in two fragments']?.(envelope(), { next: 6, payload: Buffer.alloc(40) }) ?? [],
  },
];
