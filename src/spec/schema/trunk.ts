import * as z from 'zod';
import { impairSchema } from './impairment.ts';
import { encapsulation, ttl, tunnelId, udpPort } from './tunnel.ts';
import { atLeastOne, networkName, text } from './words.ts';

export const trunkSchema = z
  .strictObject({
    allow: z
      .array(networkName)
      .optional()
      .meta({ description: 'The networks that pass; all that are on both switches unless given.', examples: [['green', 'red']] }),
    native: text.optional().meta({
      description:
        'The one of them whose frames have no tag on the trunk. Unless given, all have one; with `over`, not a network that is alone on the trunk and has no `vlan`.',
      examples: ['green'],
    }),
    over: atLeastOne(networkName)
      .optional()
      .meta({
        description:
          'Between switches in two machines: the network that carries the trunk, as a tunnel, or several with routers between them. Each of the machines is in one of them, and sends from its address there.',
        examples: ['underlay'],
      }),
    type: encapsulation.optional().meta({ default: 'vxlan', description: 'With `over`: the encapsulation.' }),
    id: tunnelId.optional().meta({
      description:
        'With `over`: the network identifier (VNI) of VXLAN and Geneve, 0 unless given, or the key of GRE, which has none unless given. Tunnels between the same machines are told apart by it.',
      examples: [100],
    }),
    port: udpPort
      .optional()
      .meta({ description: 'With `over`: the UDP port, 4789 for VXLAN and 6081 for Geneve unless given.', examples: [8472] }),
    ttl: ttl
      .optional()
      .meta({ unit: 'hops', default: 64, description: 'With `over`: how many routers the outer packets may pass.', examples: [5] }),
    impair: impairSchema.optional().meta({
      description: 'What the trunk, cable or tunnel, does to the frames of all networks on it, in each direction.',
      examples: [{ delay: '5ms', rate: '100mbit' }],
    }),
  })
  .meta({ title: 'trunk' });

export type TrunkSpec = z.infer<typeof trunkSchema>;
