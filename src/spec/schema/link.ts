import * as z from 'zod';
import { linkEnds } from './attachment.ts';
import { impairSchema } from './impairment.ts';
import { mtu, subnets } from './words.ts';

export const linkSchema = z
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

export type LinkSpec = z.infer<typeof linkSchema>;
