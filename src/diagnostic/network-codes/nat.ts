import type { CodeEntry } from '../code-entry.ts';

/** Codes of source NAT and forwards. Alphabetical. */
export const natCodes = {
  'bad-forward': {
    title: 'Not a line of `forwards:`',
    text: 'A line says where, what and to whom: `edge tcp/80: web`. Where is a router, one address of a router, or `host`; what is a service or ports; after the machine come its ports, if they are others: `web:8080`.',
  },
  'forward-denied': {
    title: 'A forward that the policy lets nobody use',
    text: 'A forward opens nothing by itself: with a policy, a line has to let somebody reach the machine, at the port that it is forwarded to. The remedy shows the line.',
  },
  'forward-families': {
    title: 'A forward between two address families',
    text: 'What comes in by IPv4 can go on to an IPv4 address only, and IPv6 to IPv6: there is no address of the machine that what comes to the router could go to.',
  },
  'forward-hides-listener': {
    title: 'A forward of a port that the router itself listens on',
    text: "Whatever comes to the port is forwarded, and the router's own service is never asked.",
  },
  'forward-ports': {
    title: 'A forward from some ports to more or fewer',
    text: 'A range is forwarded port by port, the first to the first; so both have the same length.',
  },
  'forward-target': {
    title: 'A forward to nobody',
    text: 'What is forwarded goes to a machine, or to a router other than the one that forwards, by name.',
  },
  'forward-twice': {
    title: 'Two forwards of the same port',
    text: "They claim the same port of the same address. A router's name stands for all of its addresses, and `host` for all of the host's.",
  },
  'forward-where': {
    title: 'A forward at something that forwards no packets',
    text: 'Routers forward, at all of their addresses (`edge`) or at one of them; and the host does (`host`, or an address that it has).',
  },
  'forward-without-way': {
    title: 'A forward to a machine that cannot be reached from there',
    text: 'The router has no route to any address of the machine. The host reaches machines in `nat`, `routed` and `host-only` networks, and in networks behind routers of the first two.',
  },
  'nat-address': {
    title: 'An address that packets cannot leave with',
    text: 'Answers go to the address that packets left with, and have to find the router or the host there. A router can take one of its own addresses (also a further one that it has for the purpose), or one outside of all subnets of the file, which others then have to route to it. One address a family.',
  },
  'nat-elsewhere': {
    title: 'Source NAT into a network that the router is not in',
    text: "`masquerade:` and `snat:` name the networks into which packets leave: one of the router's own.",
  },
  'nat-of-nothing': {
    title: '`nat:` without a network',
    text: 'It says nothing: `masquerade:` or `snat:` name the networks into which packets leave under another address.',
  },
  'nat-twice': {
    title: 'Two ways to change the source in one network',
    text: 'A network is named once, under `masquerade:` or under `snat:`. With `snat:`, a family without an address is masqueraded.',
  },
} as const satisfies Record<string, CodeEntry>;
