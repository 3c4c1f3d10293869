import * as z from 'zod';
import { addresses, ageing, networkName, stp } from './words.ts';

export const bridgeSchema = z
  .strictObject({
    networks: z
      .array(networkName)
      .min(2)
      .meta({ description: 'The networks that it joins into one.', examples: [['left', 'right']] }),
    address: addresses.optional().meta({ description: 'An address of the bridge itself.', examples: ['10.1.0.2'] }),
    stp: stp.optional().meta({ description: 'Whether it speaks the spanning tree protocol.' }),
    ageing: ageing
      .optional()
      .meta({ description: 'How long it remembers behind which port a MAC address is, after it was heard there; 0 for not at all.' }),
  })
  .meta({ title: 'bridge', description: 'A box that joins networks on the Ethernet layer.', examples: [{ networks: ['left', 'right'] }] });

export type BridgeSpec = z.infer<typeof bridgeSchema>;
