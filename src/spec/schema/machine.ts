import * as z from 'zod';
import { attachments } from './attachment.ts';
import { runSchema } from './run.ts';
import { addresses, services, tenant, text } from './words.ts';

const routes = z.record(z.string(), text).meta({
  description: 'Routes by hand: a prefix, a network or `default`, and the address or router to send it to, or `none` for no route.',
  examples: [{ '10.9.0.0/16': '10.1.0.2' }],
});

export const node = {
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

export const machineSchema = z
  .strictObject({ ...node, tenant: tenant.optional().meta({ description: 'Whose machine it is.', examples: ['acme'] }) })
  .meta({
    title: 'machine',
    description: 'A machine: a host of its own with interfaces, routes and processes.',
    examples: [{ networks: { dmz: '10.1.0.10' } }],
  });

export type MachineSpec = z.infer<typeof machineSchema>;
