import type { CodeEntry } from '../code-entry.ts';

/** Codes of routes, given, found and learned. Alphabetical. */
export const routingCodes = {
  'asymmetric-path': {
    title: 'Packets and their answers take different ways',
    text: 'Routes by hand send packets one way and let the answers come back another. That works until something in between keeps state: a firewall that never saw the beginning drops the rest, and reverse path filtering drops it without a word. Both ways are shown. Where it is meant, the warning can stay.',
  },
  'bgp-apart': {
    title: 'Routers of one autonomous system that do not meet',
    text: 'Routers of one system tell each other only what they announce themselves or heard from other systems, and nobody believes a way that leads through its own. So each needs a network or link in common with each other of its system.',
  },
  'bgp-number': {
    title: 'A number that no autonomous system has',
    text: '23456 stands for numbers of four bytes where only two fit (RFC 6793), and 65535 is kept (RFC 7300). 64512 to 65534, and 4200000000 to 4294967294, are for private use (RFC 6996).',
  },
  'next-hop-is-machine': {
    title: 'A machine as gateway',
    text: 'Machines do not forward packets that are for others: they drop them. Routers do.',
  },
  'next-hop-is-self': {
    title: 'A route to oneself',
    text: 'A packet cannot be handed on to where it is.',
  },
  'next-hop-not-shared': {
    title: 'A gateway that is not in the same network',
    text: 'A packet is handed to a gateway over a network that both are in. The remedy names the networks in which one could be.',
  },
  'nobody-there': {
    title: 'A gateway address that nobody has',
    text: 'Packets would wait for an answer to "who has this address?" and be dropped. In `bridged` networks, where others may have it, nothing is said.',
  },
  'one-legged-router': {
    title: 'A router with nothing to forward between',
    text: 'A router joins two networks or more; networks that a bridge joins count as one.',
  },
  'route-families': {
    title: 'A route from one address family into the other',
    text: 'An IPv4 destination needs an IPv4 gateway, an IPv6 destination an IPv6 gateway.',
  },
  'route-to-own-network': {
    title: 'A route to a network that the node is in',
    text: 'What is in the same network is reached directly.',
  },
  'route-twice': {
    title: 'Two routes to one destination',
    text: "Only one could be taken. `gateway:` is the same as a route to `default`, and a network's name is the same as its subnet.",
  },
  'routing-alone': {
    title: 'A router that speaks a routing protocol with nobody',
    text: 'It has nobody to learn routes from, and nobody to tell its own. Two routers with `ospf`, or two with `bgp`, need a network or link in common; for OSPF one in which neither is passive.',
  },
  'routing-elsewhere': {
    title: 'Routing in a network that the router is not in',
    text: '`cost:`, `passive:` and `announce:` of a router are about networks and links of its own.',
  },
  'routing-twice': {
    title: 'A router with two routing protocols',
    text: 'A router learns its routes by OSPF or by BGP. One does not pass on what was learned by the other.',
  },
  'routing-without-default': {
    title: 'A router that announces a default route which it has not',
    text: 'A router has one if it is in a `nat` or `routed` network, in one whose `gateway:` is outside of the file, or has a `gateway:` or `default` among its `routes:` itself. What it has learned from others does not count.',
  },
  'unknown-destination': {
    title: 'A route to something that does not exist',
    text: 'A destination is a network or link of the file, a prefix, or `default`.',
  },
  'unknown-next-hop': {
    title: 'A gateway that does not exist',
    text: 'A gateway is a router by name, an address, or `none`.',
  },
} as const satisfies Record<string, CodeEntry>;
