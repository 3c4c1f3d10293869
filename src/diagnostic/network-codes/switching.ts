import type { CodeEntry } from '../code-entry.ts';

/** Codes of switches: VLANs, trunks, flows and mirrors. Alphabetical. */
export const switchingCodes = {
  'bad-controller': {
    title: 'Not a connection to a controller',
    text: 'A controller is named as ovsdb(7) writes connections: `unix:/run/controller.sock`, `tcp:127.0.0.1:6653`, or `punix:` and `ptcp:` where it is the controller that connects. Connections with TLS want keys, which the file has not.',
  },
  'flow-action': {
    title: 'Not what a rule can do with a frame',
    text: 'Actions are written in the words of ovs-actions(7), one by one. What frames need not have cannot be changed: `dec_ttl` wants `ip` or `ipv6` in the match, `set_field` the protocol of its field, `pop_vlan` a tag. A bucket of a group sends a frame out once. `drop` stands alone, `goto_table` comes last and leads to a table behind its own, and `group` to one that is described.',
  },
  'flow-group': {
    title: 'A group of flows that cannot be',
    text: 'Groups have numbers of their own. One that is `indirect` has one bucket; buckets of `ff` say which port they watch, and only those of `select` have a weight.',
  },
  'flow-match': {
    title: 'A match that is not what it says',
    text: 'Fields are written in the words of ovs-fields(7), one by one, each once. Open vSwitch does not look at a field that frames need not have: `tcp_dst=80` wants `tcp` or `tcp6` beside it.',
  },
  'flow-twice': {
    title: 'Two rules for the same frames',
    text: 'Of the rules in a table that match, the one with the highest priority decides. Of two with the same match and priority, Open vSwitch keeps one.',
  },
  'mirror-network': {
    title: 'A mirror of a network that is not on its switch',
    text: 'A mirror copies the frames of networks that its own switch carries: those that name the switch with `switch:`.',
  },
  'mirror-port': {
    title: 'A mirror that cannot be',
    text: 'The port that gets the copies carries nothing else: it is none of those that are mirrored, and no trunk. One mirror has a port for itself.',
  },
  'plug-where': {
    title: 'A switch that somebody cannot be plugged into',
    text: 'A network may be on several switches. Who is in it says which of them it is plugged into, with `switch:`, and it is one that the network is on.',
  },
  'switch-address': {
    title: 'An address of a switch that nobody can have',
    text: 'The address of a switch is of the host, or of the machine that the switch runs in, which is then in the network whose subnet has it. Each is in a network once, and the host in none that is joined with one of its devices.',
  },
  'switch-ageing': {
    title: 'A time that Open vSwitch cannot remember MAC addresses for',
    text: 'It takes 15 seconds to an hour, in whole seconds, and the nearest of these where it is told another. A Linux bridge takes any time.',
  },
  'switch-full': {
    title: 'More cables than a bridge has room for',
    text: 'The kernel gives a bridge 1,023 ports. A network with a switch of its own gets several bridges where it needs them; a switch that the file names is one bridge. Open vSwitch takes more.',
  },
  'switch-key': {
    title: 'A key that does not go with a switch, or only with one',
    text: '`vlan` is for networks on a switch of `switches:`. There, `stp` and `ageing` are for the switch to say. An overlay and a macvlan have no switch.',
  },
  'switch-machine': {
    title: 'A switch that cannot run where the file has it',
    text: 'A switch of Open vSwitch may run in a machine, to be joined to those in other machines by tunnels. Not in a router, for what a tunnel carries passes beside the rules of the machine that it is in; and networks on it have no way to the host.',
  },
  'switch-not-open': {
    title: 'Something that only Open vSwitch does',
    text: 'Flows, groups, controllers and mirrors are for switches of Open vSwitch: `type: ovs`, or no type.',
  },
  'switch-port': {
    title: 'A port that a switch has not',
    text: 'A port is called after what is plugged into it: a machine, a router, a bridge, another switch, or `host`. Where there are several of one, the network is added: `web.green`.',
  },
  'tag-without-vlan': {
    title: 'Tagged frames of a network without a VLAN',
    text: '`tagged: true` is for networks that have a `switch` and a `vlan`: the tag of a frame is the number of the VLAN.',
  },
  'trunk-loop': {
    title: 'Trunks in a ring, without the spanning tree protocol',
    text: 'Frames in a loop multiply until nothing else gets through. Switches break a loop when all in it speak the spanning tree protocol: set `stp: true` for each of them. One that does not keeps what the others say from them, where it has VLANs or is one of Open vSwitch.',
  },
  'trunk-network': {
    title: 'A trunk for a network that is not on both of its switches',
    text: 'A trunk carries networks that are on both of its switches. `allow` and `native` name some of these, and the native one is among those that may pass.',
  },
  'trunk-over': {
    title: 'A trunk that does not lead from one switch to the other',
    text: 'Between switches that are boxes by themselves, or run in one machine, a trunk is a cable. Between switches in two machines it is a tunnel, and `over` names the network that carries it. That is one with cables of its own, in which both machines are.',
  },
  'trunk-twice': {
    title: 'A trunk that is there already',
    text: 'A trunk is written at one of its two switches, and leads to another one.',
  },
  'two-rulers': {
    title: 'A switch that is told its flows by two',
    text: 'Either the file tells a switch its flows, or a controller does: what one adds, the other would take away.',
  },
  'two-untagged': {
    title: 'Two networks without a tag on one cable',
    text: 'All tagged networks of a switch come to a machine by one cable, and with them one that is not tagged. Frames of a second one without a tag could not be told apart.',
  },
  'unknown-switch': {
    title: 'A switch that is not there',
    text: 'The name is not one of those under `switches:`.',
  },
  'unused-switch': {
    title: 'A switch without a network',
    text: 'No network is on it, so that nothing can be plugged into it.',
  },
  'vlan-apart': {
    title: 'A network on switches that are not joined',
    text: 'A network is one broadcast domain. If it is on several switches, trunks that carry it join them.',
  },
  'vlan-twice': {
    title: 'Two networks of one switch with the same number',
    text: 'On one switch, networks are told apart by their VLAN, from 1 to 4094. One of them may be without.',
  },
} as const satisfies Record<string, CodeEntry>;
