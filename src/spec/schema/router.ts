import * as z from 'zod';
import { node } from './machine.ts';
import { bgpSchema, ospfSchema } from './routing.ts';
import { addresses, except, networkName, oneOrMore } from './words.ts';

const routerNatSchema = z
  .strictObject({
    masquerade: oneOrMore(networkName)
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

export const routerSchema = z
  .strictObject({ ...node, nat: routerNatSchema.optional(), ospf: ospfSchema.optional(), bgp: bgpSchema.optional() })
  .meta({
    title: 'router',
    description: 'A router: forwards packets between its networks.',
    examples: [{ networks: { dmz: '10.1.0.1', hub: '10.2.0.1' } }],
  });

export type RouterNatSpec = NonNullable<z.infer<typeof routerSchema>['nat']>;
