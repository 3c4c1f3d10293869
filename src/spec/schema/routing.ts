import * as z from 'zod';
import { networkName, oneOrMore } from './words.ts';

const costs = z.record(z.string(), z.int().min(1).max(65535).meta({ title: 'cost' }));

const announcesDefault = z.boolean().optional().meta({
  default: false,
  description: 'Whether it tells others that they can send through it what nobody knows a way for: if it has a default route.',
});

export const ospfSchema = z
  .strictObject({
    cost: costs.optional().meta({
      description: 'What it costs to leave by a network, 1 to 65535, and 10 unless given: packets take the way that costs least.',
      examples: [{ slow: 100 }],
    }),
    passive: oneOrMore(networkName)
      .optional()
      .meta({
        description:
          'Networks that it tells others of, and in which it speaks to nobody. Those without another router with `ospf` are so anyway.',
        examples: ['office', ['office', 'guests']],
      }),
    default: announcesDefault,
  })
  .meta({
    description:
      'The router speaks OSPF in all of its networks, for IPv4 and IPv6, and learns its routes from others that do, instead of having them worked out beforehand. It needs FRR on the host.',
    examples: [{}, { cost: { slow: 100 }, default: true }],
  });

export const bgpSchema = z
  .strictObject({
    as: z
      .int()
      .min(1)
      .max(4294967294)
      .meta({
        description: 'The number of the autonomous system that it belongs to, 1 to 4294967294; 64512 to 65534 are for private use.',
        examples: [65001],
      }),
    announce: oneOrMore(networkName)
      .optional()
      .meta({
        description: 'Networks and links of its own that it tells others of: all of them unless given.',
        examples: ['office', ['office', 'guests']],
      }),
    default: announcesDefault,
  })
  .meta({
    description:
      'The router speaks BGP with all routers in its networks that do, for IPv4 and IPv6, and learns its routes from them, instead of having them worked out beforehand. It needs FRR on the host.',
    examples: [{ as: 65001 }, { as: 65001, announce: 'office', default: true }],
  });
