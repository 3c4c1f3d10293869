import * as z from 'zod';
import { impairSchema } from './impairment.ts';
import { overlaySchema } from './overlay.ts';
import { addresses, ageing, except, mtu, oneOrMore, stp, subnets, tenant, text } from './words.ts';

const attach = z
  .strictObject({
    interface: text.optional().meta({ description: 'A network interface of the host.', examples: ['eth1'] }),
    bridge: text.optional().meta({ description: 'A bridge that exists on the host.', examples: ['br0'] }),
    by: z.enum(['macvlan', 'veth']).optional().meta({
      default: 'macvlan',
      description:
        "How an interface is used. `macvlan`: machines sit on it as macvlan devices. `veth`: it becomes a port of the network's switch for as long as the bottle runs.",
    }),
    impair: impairSchema.optional().meta({
      description: "What the cable from the network's switch to the interface or bridge does to packets, in each direction.",
      examples: [{ delay: '20ms' }],
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

export const networkSchema = z
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
    host: z
      .union([
        addresses,
        z.strictObject({
          address: addresses.optional().meta({
            description: 'Its addresses, or `auto`: the first of the subnet.',
            examples: ['10.1.0.1'],
          }),
          impair: impairSchema.optional().meta({
            description: "What the cable between the network's switch and the host does to packets, in each direction.",
            examples: [{ delay: '20ms' }],
          }),
        }),
      ])
      .optional()
      .meta({
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
      description:
        'What the cable of each of its machines, routers and bridges does to packets, in each direction. With `overlay`, and on an interface of the host, there are no cables: what becomes of the packets that each of them sends and receives.',
      examples: [{ delay: '20ms', loss: '1%' }],
    }),
  })
  .meta({ title: 'network', description: 'A network: one broadcast domain with its subnets.', examples: [{ subnet: '10.1.0.0/24' }] });

export type NetworkSpec = z.infer<typeof networkSchema>;

export type NetworkNatSpec = z.infer<typeof networkNatSchema>;
