import * as z from 'zod';
import { encapsulation, ttl, tunnelId, udpPort } from './tunnel.ts';
import { atLeastOne, networkName, text } from './words.ts';

export const overlaySchema = z
  .strictObject({
    over: atLeastOne(networkName).meta({
      description:
        'The network that carries it, or several with routers between them. Each of its machines and routers is in one of them, too, and sends from its address there.',
      examples: ['wan', ['site-a', 'site-b']],
    }),
    type: encapsulation.optional().meta({
      default: 'vxlan',
      description:
        'The encapsulation, for any number of machines. With `vxlan` one tunnel is for all; with `geneve` and `gre` each machine has one to each of the others, and a bridge over them.',
    }),
    id: tunnelId.meta({
      description: 'What tells it from others: the network identifier (VNI) of VXLAN and Geneve, of 24 bits, or the key of GRE, of 32.',
      examples: [100],
    }),
    port: udpPort.optional().meta({ description: 'The UDP port: 4789 for VXLAN and 6081 for Geneve unless given.', examples: [8472] }),
    group: text.optional().meta({
      description:
        'VXLAN: the multicast group that carries broadcasts, and frames to whom nobody has heard yet. Without one, each is sent to every other machine by itself.',
      examples: ['239.255.0.1'],
    }),
    ttl: ttl.optional().meta({ unit: 'hops', default: 64, description: 'How many routers the outer packets may pass.', examples: [5] }),
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

export type OverlaySpec = z.infer<typeof overlaySchema>;
