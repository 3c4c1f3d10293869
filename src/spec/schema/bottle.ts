/**
 * The bottle file: one source for its TypeScript types, its JSON Schema and its reference page. Only its types are in the
 * program, which checks files with the JSON Schema (`bottle-shape.ts`): run `npm run generate` after a change in this folder.
 *
 * Only shapes are checked here. What an address, a name or `from -> to` means is decided in `network`,
 * which knows the other parts of the file.
 */
import * as z from 'zod';
import { bridgeSchema } from './bridge.ts';
import { linkSchema } from './link.ts';
import { machineSchema } from './machine.ts';
import { networkSchema } from './network.ts';
import { policySchema } from './policy.ts';
import { routerSchema } from './router.ts';
import { switchSchema } from './switch.ts';
import { name, services, text } from './words.ts';

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
