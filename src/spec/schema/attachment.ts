import * as z from 'zod';
import { impairSchema } from './impairment.ts';
import { addresses, text } from './words.ts';

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
        description:
          "What its cable into the network does to packets, in each direction, instead of the network's `impair`; where the cable carries several networks, to those of all. In an overlay, and on an interface of the host: what becomes of the packets that it sends and receives.",
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

export const attachments = z.record(z.string(), attachment);

export const linkEnds = z.record(z.string(), z.union([addresses, z.strictObject(ofInterface)]).meta(itsAddress));
