import type { CodeEntry } from './code-entry.ts';

/** Codes of the network stage: what the parts of a file mean together. Alphabetical. */
export const networkCodes = {
  'address-in-use': {
    title: 'An address that two have',
    text: "Two interfaces of one network with the same address answer in each other's place. Interfaces of joined networks (`bridges:`) and the host's own address count too. Give one of them another address, or write `auto`.",
  },
  'address-outside-subnet': {
    title: 'An address that is not in the subnet of its network',
    text: 'An interface can be reached only at an address of the subnet of the network that it is in. The message shows the subnet; the remedy its first and last usable address, and the network to which the address would belong.',
  },
  'address-twice': {
    title: 'An address written twice',
    text: 'An interface can have several addresses of one family, each once.',
  },
  'address-with-length': {
    title: 'An address with a prefix length',
    text: 'The length comes from the subnet of the network: write `10.1.0.10`, not `10.1.0.10/24`.',
  },
  'asymmetric-path': {
    title: 'Packets and their answers take different ways',
    text: 'Routes by hand send packets one way and let the answers come back another. That works until something in between keeps state: a firewall that never saw the beginning drops the rest, and reverse path filtering drops it without a word. Both ways are shown. Where it is meant, the warning can stay.',
  },
  'attach-to-what': {
    title: 'A bridged network without one thing to be joined with',
    text: '`attach:` names either an interface of the host (`interface: eth0`) or a bridge that exists on it (`bridge: br0`).',
  },
  'bad-address': {
    title: 'Not an IPv4 or IPv6 address',
    text: 'IPv4 addresses are four numbers from 0 to 255 with dots between; IPv6 addresses follow RFC 4291. Where a name would be of use, the file takes names as well.',
  },
  'bad-arrow': {
    title: 'Not `from -> to`',
    text: 'A promise or a line of the policy is written with one arrow between two ends: `web -> db`.',
  },
  'bad-command': {
    title: 'A command that cannot be run',
    text: 'The command is empty, or holds a zero byte.',
  },
  'bad-controller': {
    title: 'Not a connection to a controller',
    text: 'A controller is named as ovsdb(7) writes connections: `unix:/run/controller.sock`, `tcp:127.0.0.1:6653`, or `punix:` and `ptcp:` where it is the controller that connects. Connections with TLS want keys, which the file has not.',
  },
  'bad-device': {
    title: 'Not the name of a network device',
    text: 'Linux device names have 1 to 15 bytes without spaces, slashes and colons. `ip link` lists those of the host.',
  },
  'bad-directory': {
    title: 'Not a working directory',
    text: 'The path is empty or holds a zero byte. A relative path starts from the directory of the bottle file.',
  },
  'bad-domain': {
    title: 'Not a domain name',
    text: 'Labels of letters, digits and hyphens, at most 63 characters each, with dots between: `dmz.corp`. At most 190 characters in all, so that machine names fit before it.',
  },
  'bad-forward': {
    title: 'Not a line of `forwards:`',
    text: 'A line says where, what and to whom: `edge tcp/80: web`. Where is a router, one address of a router, or `host`; what is a service or ports; after the machine come its ports, if they are others: `web:8080`.',
  },
  'bad-impairment': {
    title: 'Not something that a cable can do to packets',
    text: 'Times have a unit (`20ms`), shares are percentages (`0.5%`), rates are bits a second (`10mbit`). `jitter` and `reorder` work on a `delay`, and need one beside them.',
  },
  'bad-mac': {
    title: 'Not a MAC address that an interface can have',
    text: 'Six pairs of hexadecimal digits with colons between; the first pair even, because odd ones are multicast addresses.',
  },
  'bad-prefix': {
    title: 'Not a block of addresses',
    text: 'A subnet or destination is an address and a number of bits: `10.1.0.0/24`, `fd00:1::/64`.',
  },
  'bad-rule': {
    title: 'A policy line that decides nothing',
    text: 'In its long form a line has `allow:` or `deny:`, or both with different services. `action:` goes with `deny:` and says whether the sender is told (`reject`) or not (`drop`).',
  },
  'bad-service': {
    title: 'Not a service',
    text: "A service is a name (`ssh`, or one of the file's `services:`), a protocol with a port or a range of them (`tcp/443`, `udp/4789`, `tcp/8000-8100`), or `icmp`. In `expect:` also `only …` and `nothing`; in `policy:` also `any`, `drop` and `reject`.",
  },
  'bad-variable': {
    title: 'Not an environment variable',
    text: 'The name cannot be empty or hold `=`; neither name nor value can hold a zero byte.',
  },
  'bgp-apart': {
    title: 'Routers of one autonomous system that do not meet',
    text: 'Routers of one system tell each other only what they announce themselves or heard from other systems, and nobody believes a way that leads through its own. So each needs a network or link in common with each other of its system.',
  },
  'bridge-loop': {
    title: 'Bridges that form a loop',
    text: 'A broadcast frame in a loop of bridges goes round for ever and is copied at every turn, until nothing else gets through. The spanning tree protocol breaks loops: set `stp: true` for one of the bridges or networks in it.',
  },
  'bridge-on-macvlan': {
    title: 'A bridge on a network whose machines sit on macvlan devices',
    text: "A macvlan device receives the frames for its own MAC address only, so a bridge behind it would hear nothing for those on its other side. `by: veth` makes the host's interface a port of the network's own switch instead.",
  },
  'duplicate-name': {
    title: 'One name for two things',
    text: 'Machines, routers, bridges, networks, links and groups share one space of names, because `from -> to` may name any of them. Both places are shown.',
  },
  'expectation-without-path': {
    title: 'A promise that no packet can keep',
    text: 'No path leads from the one end to the other and back: no router joins their networks, or a route by hand takes the packets elsewhere. The message names where they end.',
  },
  'flow-action': {
    title: 'Not what a rule can do with a frame',
    text: 'Actions are written in the words of ovs-actions(7), one by one. `drop` stands alone, `goto_table` comes last and leads to a table behind its own, and `group` to one that is described.',
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
  'group-in-group': {
    title: 'A group in a group',
    text: 'Groups hold machines, routers, bridges, networks and links. Name the members of the other group.',
  },
  'host-bits': {
    title: 'An address where a subnet is wanted',
    text: 'A subnet has no bit set beyond its length. The remedy is the subnet that the address lies in.',
  },
  'impair-without-cable': {
    title: 'Nothing that could be impaired',
    text: 'Machines on an interface of the host, and in a network that others carry, have no cables of their own. `impair` can be written where there are some: at the network that carries it, or with `attach: { interface: …, by: veth }`.',
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
  'leading-zero': {
    title: 'An IPv4 address with a leading zero',
    text: '`010` is 8 to some programs and 10 to others (RFC 6943), so it is not read at all.',
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
  'listen-range': {
    title: 'Too many ports to listen on',
    text: 'A built-in responder opens a socket for each port: at most 64 in a range.',
  },
  'listen-twice': {
    title: 'A port that is listened on twice',
    text: 'Only one program can listen on a port. Services may overlap: `dns` is tcp/53 and udp/53.',
  },
  'listen-without-port': {
    title: 'A service without a port to listen on',
    text: 'Every machine answers ping by itself. `listen:` takes TCP and UDP services.',
  },
  'mac-in-use': {
    title: 'A MAC address that two have',
    text: 'The switch would send frames now to the one and now to the other.',
  },
  'machine-without-network': {
    title: 'A machine in no network',
    text: 'It is made, but nothing can reach it.',
  },
  'many-name-servers': {
    title: 'More name servers than programs ask',
    text: 'The C library reads the first three `nameserver` lines (resolv.conf(5)).',
  },
  'mapped-address': {
    title: 'An IPv4-mapped IPv6 address',
    text: '`::ffff:10.1.0.1` is how programs write an IPv4 address where an IPv6 one is expected. It never travels on a network (RFC 4291). Write the IPv4 address.',
  },
  'member-twice': {
    title: 'A member that is in a group twice',
    text: 'Once is enough.',
  },
  'mirror-network': {
    title: 'A mirror of a network that is not on its switch',
    text: 'A mirror copies the frames of networks that its own switch carries: those that name the switch with `switch:`.',
  },
  'mirror-port': {
    title: 'A mirror that cannot be',
    text: 'The port that gets the copies carries nothing else: it is none of those that are mirrored, and no trunk. One mirror has a port for itself.',
  },
  'mtu-too-small': {
    title: 'An MTU that IPv6 does not work with',
    text: 'IPv6 needs 1280 bytes on every link (RFC 8200, section 5); Linux turns it off below that.',
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
  'no-subnet': {
    title: 'A network without a subnet',
    text: 'Every network has a block of addresses: IPv4, IPv6 or one of each.',
  },
  'nobody-in-end': {
    title: 'A promise or a policy line about nobody',
    text: 'A network or group in `from -> to` stands for the machines in it. Routers are named by themselves. A policy line about nobody is made, but no packet ever matches it.',
  },
  'nobody-there': {
    title: 'A gateway address that nobody has',
    text: 'Packets would wait for an answer to "who has this address?" and be dropped. In `bridged` networks, where others may have it, nothing is said.',
  },
  'one-legged-router': {
    title: 'A router with nothing to forward between',
    text: 'A router joins two networks or more; networks that a bridge joins count as one.',
  },
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
  'overlapping-subnets': {
    title: 'Two networks with the same addresses',
    text: 'A packet for an address that is in two networks could go either way, so the subnets of a bottle must not overlap. Both places are shown. Networks that a bridge joins are one and share their subnet.',
  },
  'plug-where': {
    title: 'A switch that somebody cannot be plugged into',
    text: 'A network may be on several switches. Who is in it says which of them it is plugged into, with `switch:`, and it is one that the network is on.',
  },
  'policy-denies-all': {
    title: 'A policy line that denies everything',
    text: 'A line that denies wins over those that allow, whatever their order. What becomes of packets that no line speaks of is said by `otherwise:`, and is a denial without it, too.',
  },
  'policy-shadowed': {
    title: 'A policy line without an effect',
    text: 'Another line covers it: one that denies all that it would allow, or one that allows (or denies) all of it already. Both places are shown. The order of lines means nothing; of two that mean the same, the one that is later in the alphabet is called superfluous. A line that logs is not, if the other does not log.',
  },
  'policy-without-router': {
    title: 'A policy line between two that no router is between',
    text: 'The routers, and the host where it is one, enforce the policy. Packets within one network pass none of them, and between networks that nothing joins there are none.',
  },
  'reserved-name': {
    title: 'A name that means something else',
    text: '`any`, `internet`, `none`, `auto`, `host` and `default` have a meaning where names may stand. Only a network may be called `internet`: it then is the outside.',
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
  'router-locked': {
    title: 'A router whose service nobody can reach',
    text: 'A router is reached only where a line of the policy names it, one of its addresses, or `any`; a network does not stand for the routers in it. This router listens, and no line lets anybody come.',
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
  'service-in-service': {
    title: "A service described by another of the file's",
    text: 'A service under `services:` is a list of ports, or of well-known services.',
  },
  'service-redefined': {
    title: 'A well-known service with another meaning',
    text: 'Readers take `http` for tcp/80. The file may say otherwise, but a name of its own is easier to read.',
  },
  'shared-of-tenant': {
    title: 'A network that is shared and of one tenant',
    text: 'A `shared` network is for several tenants, and guarded; a network with a `tenant:` is for its machines alone, and is not.',
  },
  'shared-unguarded': {
    title: 'A shared network that cannot be guarded',
    text: 'The guards of a `shared` network look at every frame that a machine sends. Machines on a macvlan of the host send theirs past every filter, and machines in a network that is not shared, but joined with it by a bridge, send theirs unseen.',
  },
  'special-subnet': {
    title: 'A subnet that networks cannot have',
    text: 'Loopback, link-local, multicast and reserved blocks (RFC 6890) have a meaning of their own in every machine. Private networks use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fd00::/8; examples 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32.',
  },
  'subnet-full': {
    title: 'A subnet with too few addresses',
    text: 'Everyone in a network needs an address in each of its subnets. The first few are kept for gateways (nine in /25 and larger, one down to /29) and are used only when they are given by hand.',
  },
  'switch-ageing': {
    title: 'A time that Open vSwitch cannot remember MAC addresses for',
    text: 'It takes 15 seconds to an hour, in whole seconds, and the nearest of these where it is told another. A Linux bridge takes any time.',
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
  'tenant-elsewhere': {
    title: 'A machine in a network of another tenant',
    text: 'A network with a `tenant:` is private: machines of others cannot be in it. Machines without a tenant can be anywhere.',
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
  'two-host-legs': {
    title: 'The host twice in one network',
    text: 'A bridge joins two networks that both have the host in them: it would have two ways to the same subnet, and take one at random. Make one of them `internal`.',
  },
  'two-rulers': {
    title: 'A switch that is told its flows by two',
    text: 'Either the file tells a switch its flows, or a controller does: what one adds, the other would take away.',
  },
  'two-subnets': {
    title: 'Two subnets of one family in one network',
    text: 'A network has one IPv4 and one IPv6 subnet at most.',
  },
  'two-untagged': {
    title: 'Two networks without a tag on one cable',
    text: 'All tagged networks of a switch come to a machine by one cable, and with them one that is not tagged. Frames of a second one without a tag could not be told apart.',
  },
  'unknown-destination': {
    title: 'A route to something that does not exist',
    text: 'A destination is a network or link of the file, a prefix, or `default`.',
  },
  'unknown-end': {
    title: 'An end of `from -> to` that does not exist',
    text: 'An end is a machine, router, bridge, network, link, group, address or prefix, `internet` or `any`.',
  },
  'unknown-member': {
    title: 'A member of a group that does not exist',
    text: 'A group holds machines, routers, bridges, networks and links of the file.',
  },
  'unknown-name-server': {
    title: 'A name server that does not exist',
    text: '`dns:` takes addresses, and names of machines and routers of the file.',
  },
  'unknown-network': {
    title: 'A network that does not exist',
    text: 'Networks are described under `networks:`. The nearest name is suggested.',
  },
  'unknown-next-hop': {
    title: 'A gateway that does not exist',
    text: 'A gateway is a router by name, an address, or `none`.',
  },
  'unknown-node': {
    title: 'A machine or router that does not exist',
    text: 'The ends of a link are machines and routers of the file.',
  },
  'unknown-service': {
    title: 'A service that does not exist',
    text: "It is neither one of the well-known names nor one of the file's `services:`. A port can always be written as it is: `tcp/8080`.",
  },
  'unknown-switch': {
    title: 'A switch that is not there',
    text: 'The name is not one of those under `switches:`.',
  },
  'unusable-address': {
    title: 'An address that no interface can have',
    text: 'The first address of an IPv4 subnet names the subnet and the last is its broadcast address; the first of an IPv6 subnet belongs to all of its routers (RFC 4291, 2.6.1). In /31 and /127 both addresses can be used.',
  },
  'unused-network': {
    title: 'A network that nobody is in',
    text: 'It is made, but serves nobody.',
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
  'zoned-address': {
    title: 'An address with a zone',
    text: '`fe80::1%eth0` means the address on one interface of one machine (RFC 4007), and nothing in a description of a network.',
  },
} as const satisfies Record<string, CodeEntry>;
