import type { CodeEntry } from '../code-entry.ts';

/** Codes of networks and links, the bridges that join them, and their ways to the host. Alphabetical. */
export const segmentCodes = {
  'attach-to-what': {
    title: 'A bridged network without one thing to be joined with',
    text: '`attach:` names either an interface of the host (`interface: eth0`) or a bridge that exists on it (`bridge: br0`).',
  },
  'bad-device': {
    title: 'Not the name of a network device',
    text: 'Linux device names have 1 to 15 bytes without spaces, slashes and colons. `ip link` lists those of the host.',
  },
  'bad-domain': {
    title: 'Not a domain name',
    text: 'Labels of letters, digits and hyphens, at most 63 characters each, with dots between: `dmz.corp`. At most 190 characters in all, so that machine names fit before it.',
  },
  'bad-impairment': {
    title: 'Not something that a cable can do to packets',
    text: 'Times have a unit (`20ms`), shares are percentages (`0.5%`), rates are bits a second (`10mbit`). `jitter` and `reorder` work on a `delay`, and need one beside them.',
  },
  'bridge-loop': {
    title: 'Bridges that form a loop',
    text: 'A broadcast frame in a loop of bridges goes round for ever and is copied at every turn, until nothing else gets through. The spanning tree protocol breaks loops: set `stp: true` for one of the bridges or networks in it.',
  },
  'bridge-on-macvlan': {
    title: 'A bridge on a network whose machines sit on macvlan devices',
    text: "A macvlan device receives the frames for its own MAC address only, so a bridge behind it would hear nothing for those on its other side. `by: veth` makes the host's interface a port of the network's own switch instead.",
  },
  'impair-differs': {
    title: 'One cable that is to do several things to packets',
    text: 'All tagged networks of a switch come to a machine by one cable. What that does to packets, it does to those of all of them. `impair` of one of these networks at the machine is for the whole cable; without it, what the networks say of their cables has to be the same.',
  },
  'impair-without-cable': {
    title: 'Nothing that could be impaired',
    text: 'Machines on an interface of the host have no cable to it, and the interface is not changed for all others that use it. `impair` of the network, or of a machine in it, is for what the machine sends and receives; `attach: { interface: …, by: veth }` makes a switch with a cable.',
  },
  'joined-mtu-differs': {
    title: 'Joined networks of different MTU',
    text: 'A bridge cannot tell the sender that a packet is too large, as a router can: it drops it. Connections then begin well and hang with the first large packet.',
  },
  'joined-subnets-differ': {
    title: 'Joined networks with different subnets',
    text: 'Networks that a bridge joins are one network, with one subnet of each address family. Give all the same, or join them with a router.',
  },
  'joined-twice': {
    title: 'A bridge that joins a network with itself',
    text: 'Two cables from a bridge into the same network would make a loop.',
  },
  'key-without-mode': {
    title: 'A key that does not go with the mode of the network',
    text: "`host:` gives the host's address and goes with `host-only`, `nat` and `routed`; `attach:` goes with `bridged`; `by:` goes with an interface.",
  },
  'link-as-network': {
    title: 'A link where a network is wanted',
    text: 'A link has exactly two ends, which are listed under it. Machines and bridges cannot join it elsewhere.',
  },
  'link-ends': {
    title: 'A link without exactly two ends',
    text: 'A link is a cable. More than two need a network.',
  },
  'link-to-bridge': {
    title: 'A link that ends at a bridge',
    text: 'A link joins two machines or routers. A bridge joins networks.',
  },
  'mtu-too-small': {
    title: 'An MTU that IPv6 does not work with',
    text: 'IPv6 needs 1280 bytes on every link (RFC 8200, section 5); Linux turns it off below that.',
  },
  'shared-of-tenant': {
    title: 'A network that is shared and of one tenant',
    text: 'A `shared` network is for several tenants, and guarded; a network with a `tenant:` is for its machines alone, and is not.',
  },
  'shared-unguarded': {
    title: 'A shared network that cannot be guarded',
    text: 'The guards of a `shared` network look at every frame that a machine sends. Machines on a macvlan of the host send theirs past every filter, and machines in a network that is not shared, but joined with it by a bridge, send theirs unseen.',
  },
  'tenant-elsewhere': {
    title: 'A machine in a network of another tenant',
    text: 'A network with a `tenant:` is private: machines of others cannot be in it. Machines without a tenant can be anywhere.',
  },
  'two-host-legs': {
    title: 'The host twice in one network',
    text: 'A bridge joins two networks that both have the host in them, or it has an address on a switch, and one by the mode of the network or on another switch: it would have two ways to the same subnet, and take one at random.',
  },
  'unknown-network': {
    title: 'A network that does not exist',
    text: 'Networks are described under `networks:`. The nearest name is suggested.',
  },
  'unused-network': {
    title: 'A network that nobody is in',
    text: 'It is made, but serves nobody.',
  },
} as const satisfies Record<string, CodeEntry>;
