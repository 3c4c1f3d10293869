/**
 * The bottle file: one source for its TypeScript types, its JSON Schema and its reference page. Only its types are in the
 * program, which checks files with the JSON Schema (`bottle-shape.ts`): run `npm run generate` after a change here.
 *
 * Only shapes are checked here. What an address, a name or `from -> to` means is decided in `network`,
 * which knows the other parts of the file.
 */
import * as z from 'zod';

const oneOrMore = (one: z.ZodString) => z.union([one, z.array(one)]);
const atLeastOne = (one: z.ZodString) => z.union([one, z.array(one).min(1)]);

/** Names become host names and parts of DNS names (RFC 1123), which is where the letters and the length come from. */
const name = z
  .string()
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/)
  .max(63)
  .meta({ title: 'name' });
const address = z
  .string()
  .meta({ title: 'address', description: 'An IPv4 or IPv6 address: `10.1.0.10`, `fd00:1::10`.', examples: ['10.1.0.10'] });
const addresses = oneOrMore(address);
const service = z.string().meta({
  title: 'service',
  description: 'A service: a name (`ssh`, `http`, `dns`, `ping`) or `tcp/443`, `udp/4789`, `tcp/8000-8100`, `icmp`.',
  examples: ['http'],
});
const services = oneOrMore(service);
const block = z.string().meta({ title: 'block', description: 'An address, a prefix or the name of a network.', examples: ['10.8.0.0/16'] });
const except = oneOrMore(block).meta({
  description: 'Prefixes and networks: packets from or to them keep their source address.',
  examples: [['10.8.0.0/16', 'vpn']],
});
const tenant = name.meta({ title: 'tenant' });
const subnet = z.string().meta({ title: 'subnet', examples: ['10.1.0.0/24'] });
const subnets = z.union([subnet, z.array(subnet).min(1)]);
const text = z.string();
const mtu = z
  .int()
  .min(68)
  .max(65535)
  .meta({ unit: 'bytes', default: 1500, examples: [9000] });
const stp = z.boolean().meta({ default: false });
const ageing = z
  .number()
  .min(0)
  .max(1000000)
  .meta({ unit: 'seconds', default: 300, examples: [300] });

const attach = z
  .strictObject({
    interface: text.optional().meta({ description: 'A network interface of the host.', examples: ['eth1'] }),
    bridge: text.optional().meta({ description: 'A bridge that exists on the host.', examples: ['br0'] }),
    by: z.enum(['macvlan', 'veth']).optional().meta({
      default: 'macvlan',
      description:
        "How an interface is used. `macvlan`: machines sit on it as macvlan devices. `veth`: it becomes a port of the network's switch for as long as the bottle runs.",
    }),
  })
  .meta({ description: 'What a `bridged` network is joined with: an interface or a bridge of the host.', examples: [{ bridge: 'br0' }] });

const networkNatSchema = z
  .strictObject({
    to: addresses.optional().meta({
      description:
        "The host's address that packets leave with, one an address family; unless given, that of the interface that they leave by.",
      examples: ['192.0.2.5'],
    }),
    except: except.optional(),
  })
  .meta({
    description: 'For mode `nat`: how the host changes the source address of what leaves the network.',
    examples: [{ to: '192.0.2.5', except: ['10.8.0.0/16'] }],
  });

const overlaySchema = z
  .strictObject({
    over: atLeastOne(z.string().meta({ title: 'network name' })).meta({
      description:
        'The network that carries it, or several with routers between them. Each of its machines and routers is in one of them, too, and sends from its address there.',
      examples: ['wan', ['site-a', 'site-b']],
    }),
    type: z.enum(['vxlan', 'geneve', 'gre']).optional().meta({
      default: 'vxlan',
      description:
        'The encapsulation, for any number of machines. With `vxlan` one tunnel is for all; with `geneve` and `gre` each machine has one to each of the others, and a bridge over them.',
    }),
    id: z
      .int()
      .min(0)
      .max(4294967295)
      .meta({
        description: 'What tells it from others: the network identifier (VNI) of VXLAN and Geneve, of 24 bits, or the key of GRE, of 32.',
        examples: [100],
      }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'The UDP port: 4789 for VXLAN and 6081 for Geneve unless given.', examples: [8472] }),
    group: text.optional().meta({
      description:
        'VXLAN: the multicast group that carries broadcasts, and frames to whom nobody has heard yet. Without one, each is sent to every other machine by itself.',
      examples: ['239.255.0.1'],
    }),
    ttl: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .meta({ unit: 'hops', default: 64, description: 'How many routers the outer packets may pass.', examples: [5] }),
    learning: z.boolean().optional().meta({
      default: true,
      description:
        'VXLAN: whether who is where is learned from what arrives. With `false`, the forwarding table has everybody from the beginning, and nothing else.',
    }),
  })
  .meta({
    description: 'The network is carried by others: its machines have tunnels to one another, and there is no switch.',
    examples: [{ over: 'wan', id: 100 }],
  });

const duration = z.string().meta({ title: 'time', examples: ['20ms'] });
const share = z.string().meta({ title: 'percentage', examples: ['1%'] });
const impairSchema = z
  .strictObject({
    delay: duration.optional().meta({ description: 'How long every packet is held up.', examples: ['20ms'] }),
    jitter: duration.optional().meta({
      description: 'How much the delay varies, to either side; packets may then overtake one another.',
      examples: ['5ms'],
    }),
    loss: share.optional().meta({ description: 'How many packets are lost.', examples: ['1%'] }),
    duplicate: share.optional().meta({ description: 'How many packets arrive twice.', examples: ['0.5%'] }),
    reorder: share.optional().meta({
      description: 'How many packets are not held up by the delay, and overtake others.',
      examples: ['5%'],
    }),
    rate: z
      .string()
      .meta({ title: 'rate' })
      .optional()
      .meta({ description: 'Bits a second: what comes faster waits for up to 50 ms and is dropped then.', examples: ['10mbit'] }),
  })
  .meta({
    description: 'What a cable does to packets, in each of its two directions.',
    examples: [{ delay: '20ms', jitter: '5ms', loss: '1%' }],
  });

const networkSchema = z
  .strictObject({
    subnet: subnets.meta({
      description: 'The block of addresses, `10.1.0.0/24`; one IPv4 and one IPv6 block at most.',
      examples: ['10.1.0.0/24', ['10.1.0.0/24', 'fd00:1::/64']],
    }),
    mode: z.enum(['internal', 'host-only', 'nat', 'routed', 'bridged']).optional().meta({
      default: 'internal',
      description:
        'How the network relates to the host. `internal`: not at all. `host-only`: the host has an address in it. `nat`: machines reach what the host reaches, under its address. `routed`: the same with their own addresses. `bridged`: joined with an interface or bridge of the host.',
    }),
    host: addresses.optional().meta({
      description: "The host's address in the network, for `host-only`, `nat` and `routed`; the first of the subnet unless given.",
      examples: ['10.1.0.1'],
    }),
    attach: attach.optional(),
    switch: oneOrMore(z.string().meta({ title: 'switch name' }))
      .optional()
      .meta({
        description: 'The switch of `switches:` that it is on, or several; a network without one has a switch of its own.',
        examples: ['wire', ['boxa', 'boxb']],
      }),
    vlan: z
      .int()
      .min(1)
      .max(4094)
      .optional()
      .meta({
        description:
          'Which VLAN of its switches it is (IEEE 802.1Q). Networks on one switch hear nothing of each other; one of them may be without.',
        examples: [100],
      }),
    overlay: overlaySchema.optional(),
    domain: text.optional().meta({ description: 'The DNS domain of its machines; `NETWORK.BOTTLE` unless given.', examples: ['dmz.corp'] }),
    gateway: text.optional().meta({
      description: 'Where its machines send what no other route takes: a router, an address, or `none`.',
      examples: ['edge'],
    }),
    dns: addresses.optional().meta({ description: 'Name servers of its machines.', examples: ['10.1.0.53'] }),
    mtu: mtu.optional().meta({
      description:
        'The largest packet. With `overlay`, what the networks that carry it leave room for; networks that carry one make room for what it asks for.',
    }),
    offload: z.boolean().optional().meta({
      default: true,
      description: '`false` computes every checksum in software, for software that reads raw frames.',
    }),
    stp: stp.optional().meta({ description: 'Whether its switch speaks the spanning tree protocol.' }),
    ageing: ageing.optional().meta({
      description: 'How long its switch remembers behind which port a MAC address is, after it was heard there; 0 for not at all.',
    }),
    shared: z.boolean().optional().meta({
      default: false,
      description:
        'Whether machines that do not trust each other share it. Then each sends only under its own MAC address and addresses, and none poses as a router or as a DHCP server.',
    }),
    tenant: tenant.optional().meta({
      description: 'Whose network it is: machines of other tenants cannot be in it.',
      examples: ['acme'],
    }),
    nat: networkNatSchema.optional(),
    impair: impairSchema.optional().meta({
      description: 'What the cable of each of its machines, routers and bridges does to packets, in each direction.',
      examples: [{ delay: '20ms', loss: '1%' }],
    }),
  })
  .meta({ title: 'network', description: 'A network: one broadcast domain with its subnets.', examples: [{ subnet: '10.1.0.0/24' }] });

const ofInterface = {
  address: addresses.optional().meta({
    description: 'Its addresses, or `auto`. The first of an address family is the one that it sends from.',
    examples: ['10.1.0.10'],
  }),
  mac: text.optional().meta({ description: 'The MAC address, instead of the derived one.', examples: ['02:00:00:00:00:01'] }),
};
const itsAddress = {
  description:
    'Its address in the network: `10.1.0.10`, or `auto`, or a list. It sends from the first of an address family; further ones are for others to reach it at. Where the network has a subnet of a family for which none is given, one is derived.',
  examples: ['10.1.0.10', 'auto'],
};
const attachment = z
  .union([
    addresses,
    z.strictObject({
      ...ofInterface,
      impair: impairSchema.optional().meta({
        description: "What its cable into the network does to packets, in each direction, instead of the network's `impair`.",
        examples: [{ delay: '20ms' }],
      }),
      switch: text
        .optional()
        .meta({ description: 'For a network on several switches: the one that it is plugged into.', examples: ['boxa'] }),
      tagged: z.boolean().optional().meta({
        default: false,
        description:
          'For a network with a `vlan`: whether its frames come with a tag. All tagged networks of a switch come by one cable, together with the one that is not, and not by a port for each.',
      }),
    }),
  ])
  .meta(itsAddress);
const attachments = z.record(z.string(), attachment);
const linkEnds = z.record(z.string(), z.union([addresses, z.strictObject(ofInterface)]).meta(itsAddress));

const routes = z.record(z.string(), text).meta({
  description: 'Routes by hand: a prefix, a network or `default`, and the address or router to send it to, or `none` for no route.',
  examples: [{ '10.9.0.0/16': '10.1.0.2' }],
});

const line = z.string().meta({ title: 'command line' });
const command = z.union([line, z.array(z.string()).min(1)]);
const process = z.strictObject({
  command: command.meta({
    description: 'A line for /bin/sh, or a program and its arguments.',
    examples: ['python3 -m http.server 80', ['nginx', '-g', 'daemon off;']],
  }),
  environment: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ description: 'Environment variables.', examples: [{ PORT: 80 }] }),
  directory: text.optional().meta({ description: 'Working directory; relative to the bottle file.', examples: ['site'] }),
  restart: z
    .enum(['never', 'on-failure', 'always'])
    .optional()
    .meta({ default: 'never', description: 'Whether it is started again when it ends.', examples: ['on-failure'] }),
});

const runSchema = z.union([line, z.record(name, z.union([line, process]).meta({ title: 'command' }))]).meta({
  description: 'Long-running commands: one line, or several by name.',
  examples: ['python3 -m http.server 80', { web: 'python3 -m http.server 80', log: { command: 'tail -f access.log', restart: 'always' } }],
});

const node = {
  networks: attachments
    .optional()
    .meta({ description: 'The networks it is in, with its address in each.', examples: [{ dmz: '10.1.0.10' }] }),
  gateway: text
    .optional()
    .meta({ description: 'Where it sends what no other route takes: a router, an address, or `none`.', examples: ['edge'] }),
  routes: routes.optional(),
  dns: addresses.optional().meta({ description: "Name servers, instead of its networks'.", examples: ['10.1.0.53'] }),
  listen: services.optional().meta({ description: 'Services that a built-in responder answers on it.', examples: [['http', 'https']] }),
  run: runSchema.optional(),
};

const routerNatSchema = z
  .strictObject({
    masquerade: oneOrMore(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({
        description: 'Networks into which packets leave under the address that the router has there.',
        examples: ['internet', ['internet', 'wan']],
      }),
    snat: z
      .record(z.string(), addresses)
      .optional()
      .meta({
        description: 'Networks into which packets leave under this address: one an address family. A family without one is masqueraded.',
        examples: [{ internet: '198.51.100.9' }],
      }),
    except: except.optional(),
  })
  .meta({
    description: 'Source NAT: under which address packets of others leave by this router.',
    examples: [{ masquerade: 'internet' }],
  });

const machineSchema = z
  .strictObject({ ...node, tenant: tenant.optional().meta({ description: 'Whose machine it is.', examples: ['acme'] }) })
  .meta({
    title: 'machine',
    description: 'A machine: a host of its own with interfaces, routes and processes.',
    examples: [{ networks: { dmz: '10.1.0.10' } }],
  });
const costs = z.record(z.string(), z.int().min(1).max(65535).meta({ title: 'cost' }));
const ospfSchema = z
  .strictObject({
    cost: costs.optional().meta({
      description: 'What it costs to leave by a network, 1 to 65535, and 10 unless given: packets take the way that costs least.',
      examples: [{ slow: 100 }],
    }),
    passive: oneOrMore(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({
        description:
          'Networks that it tells others of, and in which it speaks to nobody. Those without another router with `ospf` are so anyway.',
        examples: ['office', ['office', 'guests']],
      }),
    default: z.boolean().optional().meta({
      default: false,
      description: 'Whether it tells others that they can send through it what nobody knows a way for: if it has a default route.',
    }),
  })
  .meta({
    description:
      'The router speaks OSPF in all of its networks, for IPv4 and IPv6, and learns its routes from others that do, instead of having them worked out beforehand. It needs FRR on the host.',
    examples: [{}, { cost: { slow: 100 }, default: true }],
  });

const bgpSchema = z
  .strictObject({
    as: z
      .int()
      .min(1)
      .max(4294967294)
      .meta({
        description: 'The number of the autonomous system that it belongs to, 1 to 4294967294; 64512 to 65534 are for private use.',
        examples: [65001],
      }),
    announce: oneOrMore(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({
        description: 'Networks and links of its own that it tells others of: all of them unless given.',
        examples: ['office', ['office', 'guests']],
      }),
    default: z.boolean().optional().meta({
      default: false,
      description: 'Whether it tells others that they can send through it what nobody knows a way for: if it has a default route.',
    }),
  })
  .meta({
    description:
      'The router speaks BGP with all routers in its networks that do, for IPv4 and IPv6, and learns its routes from them, instead of having them worked out beforehand. It needs FRR on the host.',
    examples: [{ as: 65001 }, { as: 65001, announce: 'office', default: true }],
  });

const routerSchema = z
  .strictObject({ ...node, nat: routerNatSchema.optional(), ospf: ospfSchema.optional(), bgp: bgpSchema.optional() })
  .meta({
    title: 'router',
    description: 'A router: forwards packets between its networks.',
    examples: [{ networks: { dmz: '10.1.0.1', hub: '10.2.0.1' } }],
  });

const bridgeSchema = z
  .strictObject({
    networks: z
      .array(z.string().meta({ title: 'network name' }))
      .min(2)
      .meta({ description: 'The networks that it joins into one.', examples: [['left', 'right']] }),
    address: addresses.optional().meta({ description: 'An address of the bridge itself.', examples: ['10.1.0.2'] }),
    stp: stp.optional().meta({ description: 'Whether it speaks the spanning tree protocol.' }),
    ageing: ageing
      .optional()
      .meta({ description: 'How long it remembers behind which port a MAC address is, after it was heard there; 0 for not at all.' }),
  })
  .meta({ title: 'bridge', description: 'A box that joins networks on the Ethernet layer.', examples: [{ networks: ['left', 'right'] }] });

const trunkSchema = z
  .strictObject({
    allow: z
      .array(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({ description: 'The networks that pass; all that are on both switches unless given.', examples: [['green', 'red']] }),
    native: text.optional().meta({
      description:
        'The one of them whose frames have no tag on the trunk. Unless given, all have one; with `over`, not a network that is alone on the trunk and has no `vlan`.',
      examples: ['green'],
    }),
    over: atLeastOne(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({
        description:
          'Between switches in two machines: the network that carries the trunk, as a tunnel, or several with routers between them. Each of the machines is in one of them, and sends from its address there.',
        examples: ['underlay'],
      }),
    type: z.enum(['vxlan', 'geneve', 'gre']).optional().meta({ default: 'vxlan', description: 'With `over`: the encapsulation.' }),
    id: z
      .int()
      .min(0)
      .max(4294967295)
      .optional()
      .meta({
        description:
          'With `over`: the network identifier (VNI) of VXLAN and Geneve, 0 unless given, or the key of GRE, which has none unless given. Tunnels between the same machines are told apart by it.',
        examples: [100],
      }),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'With `over`: the UDP port, 4789 for VXLAN and 6081 for Geneve unless given.', examples: [8472] }),
    ttl: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .meta({ unit: 'hops', default: 64, description: 'With `over`: how many routers the outer packets may pass.', examples: [5] }),
  })
  .meta({ title: 'trunk' });

const portName = z.string().meta({ title: 'port', examples: ['web'] });
const flowAction = z.string().meta({ title: 'action' });
const flowActions = oneOrMore(flowAction).meta({
  description:
    'What is done, in the words of ovs-actions(7): `drop`, `normal` (switch it), `output:PORT`, `goto_table:N`, `group:N`, `flood`, `all`, `in_port`, `set_field:VALUE->FIELD`, `push_vlan:0x8100`, `pop_vlan`, `dec_ttl`.',
  examples: ['drop', ['output:web', 'goto_table:1']],
});
const flowSchema = z
  .strictObject({
    table: z.int().min(0).max(254).optional().meta({ default: 0, description: 'Every frame begins in table 0.' }),
    priority: z
      .int()
      .min(0)
      .max(65535)
      .optional()
      .meta({ default: 32768, description: 'Of the rules in a table that match, the one with the highest decides.', examples: [1000] }),
    match: oneOrMore(z.string().meta({ title: 'field' }))
      .optional()
      .meta({
        description:
          'The frames that it is for, in the words of ovs-fields(7): protocols (`ip`, `tcp`, `arp`) and fields with values (`tcp_dst=80`, `ip_src=10.1.0.0/24`, `in_port=web`). Unless given, all.',
        examples: [['tcp', 'tcp_dst=80', 'in_port=web'], 'arp'],
      }),
    actions: flowActions,
  })
  .meta({
    title: 'flow',
    description: 'An OpenFlow rule.',
    examples: [{ priority: 1000, match: ['tcp', 'tcp_dst=80'], actions: 'drop' }],
  });
const groupOfFlowsSchema = z
  .strictObject({
    id: z
      .int()
      .min(0)
      .max(4294967040)
      .meta({ description: 'The number that `group:N` means.', examples: [1] }),
    type: z.enum(['all', 'select', 'indirect', 'ff']).optional().meta({
      default: 'all',
      description:
        '`all`: every bucket gets a copy. `select`: one gets it, by weight. `indirect`: there is one bucket only. `ff`: the first whose `watch_port` is up.',
    }),
    buckets: z.array(
      z
        .strictObject({
          actions: flowActions,
          weight: z.int().min(0).max(65535).optional().meta({ description: 'For `select`.' }),
          watch_port: portName.optional().meta({ description: 'For `ff`.' }),
        })
        .meta({ title: 'bucket', examples: [{ actions: 'output:web' }] }),
    ),
  })
  .meta({ title: 'flow group', examples: [{ id: 1, buckets: [{ actions: 'output:web' }, { actions: 'output:probe' }] }] });
const mirrorSchema = z
  .strictObject({
    sources: oneOrMore(portName)
      .optional()
      .meta({ description: 'Frames that come in by these ports.', examples: ['web'] }),
    destinations: oneOrMore(portName)
      .optional()
      .meta({ description: 'Frames that leave by these ports.', examples: ['web'] }),
    networks: z
      .array(z.string().meta({ title: 'network name' }))
      .optional()
      .meta({ description: 'Frames of these networks only.', examples: [['green']] }),
    to: portName.meta({ description: 'The port that gets the copies. It carries nothing else.', examples: ['probe'] }),
  })
  .meta({
    title: 'mirror',
    description: 'Copies of frames; of all of them, unless sources or destinations are given.',
    examples: [{ sources: 'web', destinations: 'web', to: 'probe' }],
  });

const switchSchema = z
  .strictObject({
    type: z.enum(['auto', 'linux', 'ovs']).optional().meta({
      default: 'auto',
      description:
        'What it is: a Linux bridge, or a bridge of Open vSwitch. `auto` takes the first where the kernel can filter VLANs, or there are none.',
    }),
    machine: text.optional().meta({
      description:
        'The machine that it runs in, with an Open vSwitch of its own, for switches of `type: ovs`. Unless given, it is a box by itself.',
      examples: ['boxa'],
    }),
    trunks: z
      .record(z.string(), trunkSchema)
      .optional()
      .meta({
        description:
          'Cables to other switches, each written at one of the two, that carry several networks; or tunnels, between switches in machines.',
        examples: [{ boxb: {} }, { boxb: { allow: ['green', 'red'] } }, { boxb: { over: 'underlay', id: 100 } }],
      }),
    stp: stp.optional().meta({ description: 'Whether it speaks the spanning tree protocol, as trunks in a ring need it.' }),
    ageing: ageing.optional().meta({
      description:
        'How long it remembers behind which port a MAC address is, after it was heard there; 0 for not at all. Open vSwitch takes 15 to 3600 whole seconds.',
    }),
    flows: z.array(flowSchema).optional().meta({
      description:
        'OpenFlow rules, for switches of Open vSwitch. A port is called after the machine, switch or `host` that is plugged in, with the network where there are several: `web.green`. In table 0, what no rule matches is switched, unless a rule of priority 0 says otherwise; in others it is dropped.',
    }),
    groups: z.array(groupOfFlowsSchema).optional().meta({ description: 'Groups that flows send frames to.' }),
    controller: oneOrMore(z.string().meta({ title: 'connection' }))
      .optional()
      .meta({
        description:
          'Who tells the switch its flows instead of the file, as ovsdb(7) writes connections. Until it answers, frames are switched.',
        examples: ['unix:/run/controller.sock', 'tcp:127.0.0.1:6653'],
      }),
    mirrors: z
      .record(name, mirrorSchema)
      .optional()
      .meta({ description: 'Copies of frames to a port, by name; for switches of Open vSwitch.' }),
  })
  .meta({ title: 'switch', description: 'A switch on which several networks can be.', examples: [{ trunks: { boxb: {} } }] });

const linkSchema = z
  .strictObject({
    subnet: subnets.meta({ description: 'The block of addresses.', examples: ['10.9.0.0/31'] }),
    ends: linkEnds.meta({
      description: 'The two machines or routers, with the address of each, or `auto`.',
      examples: [{ alice: '10.9.0.0', bob: '10.9.0.1' }],
    }),
    mtu: mtu.optional().meta({ description: 'The largest packet.' }),
    offload: z.boolean().optional().meta({ default: true, description: '`false` computes every checksum in software.' }),
    impair: impairSchema.optional().meta({
      description: 'What the cable does to packets, in each direction.',
      examples: [{ delay: '20ms', rate: '10mbit' }],
    }),
  })
  .meta({
    title: 'link',
    description: 'A cable between two machines or routers.',
    examples: [{ subnet: '10.9.0.0/31', ends: { alice: 'auto', bob: 'auto' } }],
  });

const denial = z.enum(['drop', 'reject']);
const log = z.boolean().meta({ default: false });
const policyLineSchema = z
  .union([
    services,
    z.strictObject({
      allow: services.optional().meta({ description: 'The services that may pass, or `any`.', examples: ['ssh', ['http', 'https']] }),
      deny: services.optional().meta({ description: 'The services that may not pass, or `any`.', examples: [['smtp']] }),
      action: denial.optional().meta({
        default: 'drop',
        description: 'With `deny`: `drop` says nothing to the sender, `reject` tells it at once.',
      }),
      log: log.optional().meta({ description: 'Whether new connections that the line decides are logged.' }),
    }),
  ])
  .meta({ title: 'rule' });
const otherwiseSchema = z
  .union([
    denial,
    z.strictObject({
      action: denial.optional().meta({ default: 'drop', description: '`drop` says nothing to the sender, `reject` tells it at once.' }),
      log: log.optional().meta({ description: 'Whether what is denied is logged.' }),
    }),
  ])
  .meta({
    default: 'drop',
    description: 'What becomes of packets that no line speaks of.',
    examples: ['reject', { action: 'reject', log: true }],
  });
const policySchema = z
  .object({ otherwise: otherwiseSchema.optional() })
  .catchall(policyLineSchema)
  .meta({
    description:
      'Who may talk to whom through the routers, `from -> to: services`. Once there is a policy, what no line allows is denied; without one everything is allowed. An end is a network (the addresses of its subnets), a machine, router or group, an address or prefix, `internet` or `any`; services may be `any`. A line with `drop` or `reject` instead of services denies everything, and what denies wins over what allows; the order of lines means nothing. Answers to what was allowed always pass. Inside one network nothing is filtered. A router itself is reached only where a line names it, its address, or `any`.',
    examples: [
      { 'any -> any': 'ping', 'internet -> web': ['http', 'https'], 'guests -> db': 'drop', 'hub -> jump': { allow: 'ssh', log: true } },
    ],
  });
const forwardsSchema = z.record(z.string(), z.string().meta({ title: 'target' })).meta({
  description:
    'Port forwards, `WHERE SERVICE: MACHINE:PORTS`. What comes to these ports goes to the machine instead, at the same ports unless others are given. WHERE is a router, for all of its addresses; one address of a router; or `host`, or an address of the host, for machines that the host has a way to. With a policy, a line has to allow it too: it names the machine.',
  examples: [{ 'edge tcp/80': 'web', '198.51.100.3 tcp/8000-8010': 'web:9000-9010', 'host tcp/2222': 'guest:22' }],
});

/** @internal */
export const bottleSchema = z
  .strictObject({
    name: name.max(32).meta({
      title: 'name',
      description: 'The name of the bottle, at most 32 characters; what it makes is marked with it.',
      examples: ['corp'],
    }),
    description: text.optional().meta({ description: 'What it is, for people.' }),
    networks: z.record(name, networkSchema).optional().meta({ description: 'Networks by name.' }),
    links: z.record(name, linkSchema).optional().meta({ description: 'Direct links by name.' }),
    switches: z.record(name, switchSchema).optional().meta({ description: 'Switches by name.' }),
    bridges: z.record(name, bridgeSchema).optional().meta({ description: 'Bridges by name.' }),
    routers: z.record(name, routerSchema).optional().meta({ description: 'Routers by name.' }),
    machines: z.record(name, machineSchema).optional().meta({ description: 'Machines by name.' }),
    groups: z
      .record(name, z.array(z.string().meta({ title: 'name' })).meta({ title: 'group', examples: [['web', 'db']] }))
      .optional()
      .meta({ description: 'Names for several machines, routers or networks together.', examples: [{ servers: ['web', 'db'] }] }),
    services: z
      .record(name, services)
      .optional()
      .meta({ description: 'Names for services.', examples: [{ app: 'tcp/8080' }] }),
    forwards: forwardsSchema.optional(),
    policy: policySchema.optional(),
    expect: z
      .record(z.string(), services.meta({ title: 'promise' }))
      .optional()
      .meta({
        description:
          'Promises, `from -> to: services`: measured with real packets after every `up`. An end is a network (its machines), a machine, router or group, an address or prefix, `internet` or `any`. The services have to work; with `only ssh` or `only [ssh, ping]` nothing else may, and with `nothing` nothing at all. A promise is measured, not enforced.',
        examples: [{ 'hub -> jump': 'ssh', 'hub -> db': 'nothing' }],
      }),
  })
  .meta({
    title: 'bottle',
    description: 'A bottle file: a network in one file.',
    examples: [{ name: 'corp', networks: { dmz: { subnet: '10.1.0.0/24' } } }],
  });

export type BottleFile = z.infer<typeof bottleSchema>;
export type NetworkSpec = z.infer<typeof networkSchema>;
export type MachineSpec = z.infer<typeof machineSchema>;
export type RouterNatSpec = NonNullable<z.infer<typeof routerSchema>['nat']>;
export type BgpSpec = z.infer<typeof bgpSchema>;
export type OspfSpec = z.infer<typeof ospfSchema>;
export type OverlaySpec = z.infer<typeof overlaySchema>;
export type NetworkNatSpec = z.infer<typeof networkNatSchema>;
export type PolicyLineSpec = z.infer<typeof policyLineSchema>;
export type OtherwiseSpec = z.infer<typeof otherwiseSchema>;
export type BridgeSpec = z.infer<typeof bridgeSchema>;
export type ImpairSpec = z.infer<typeof impairSchema>;
export type SwitchSpec = z.infer<typeof switchSchema>;
export type TrunkSpec = z.infer<typeof trunkSchema>;
export type FlowSpec = z.infer<typeof flowSchema>;
export type LinkSpec = z.infer<typeof linkSchema>;
export type RunSpec = z.infer<typeof runSchema>;
