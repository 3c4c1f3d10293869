import type { CodeEntry } from '../code-entry.ts';

/** Codes of networks that others carry. Alphabetical. */
export const overlayCodes = {
  'overlay-bridge': {
    title: 'A bridge in an overlay',
    text: 'Whoever is in an overlay sends from an address in the network that carries it. A bridge joins networks and has none.',
  },
  'overlay-circle': {
    title: 'An overlay that is carried by itself',
    text: 'Each overlay is carried by other networks, and those perhaps by further ones; at the bottom there is one with a switch, or a link.',
  },
  'overlay-endpoint': {
    title: 'Somebody in an overlay, and not in what carries it',
    text: 'A machine or router in an overlay sends its frames in packets from its address in the network named by `over:`. It has to be in that network, or in one of them, too.',
  },
  'overlay-families': {
    title: 'Networks under an overlay without an address family in common',
    text: 'The machines of an overlay send packets to one another, and all need an address of the same family for that.',
  },
  'overlay-group': {
    title: 'A multicast group that cannot be that of the overlay',
    text: 'The group is a multicast address, from `224.0.0.0/4` or `ff00::/8`, of a family that the network under the overlay has. Routers of a bottle pass no multicast on: all machines of the overlay are in one network under it.',
  },
  'overlay-id': {
    title: 'An id that an overlay cannot have',
    text: 'The network identifiers of VXLAN and Geneve have 24 bits. Two overlays over the same network with the same type, id and port could not be told apart.',
  },
  'overlay-key': {
    title: 'A key that does not go with an overlay',
    text: 'An overlay has no switch, so that there is nothing for `stp`, `ageing` and `shared`, and no cable to the host. `group` and `learning` are for VXLAN; GRE has no ports.',
  },
  'overlay-mtu': {
    title: 'An overlay whose largest packets do not fit into what carries them',
    text: 'Around each packet of an overlay there are further headers: 50 bytes for VXLAN and Geneve over IPv4, 42 for GRE, and 20 more over IPv6. What then is too large is cut into fragments on the way, or lost, and large transfers hang while a ping works. Without `mtu`, an overlay takes what is left for it.',
  },
  'overlay-pair': {
    title: 'A tunnel without a second end',
    text: 'Overlays of the types `geneve` and `gre` join machines or routers, two or more, by a tunnel between each two of them.',
  },
} as const satisfies Record<string, CodeEntry>;
