import * as z from 'zod';
import { oneOrMore } from './words.ts';

export const portName = z.string().meta({ title: 'port', examples: ['web'] });

const flowAction = z.string().meta({ title: 'action' });

const flowActions = oneOrMore(flowAction).meta({
  description:
    'What is done, in the words of ovs-actions(7): `drop`, `normal` (switch it), `output:PORT`, `goto_table:N`, `group:N`, `flood`, `all`, `in_port`, `set_field:VALUE->FIELD`, `push_vlan:0x8100`, `pop_vlan`, `dec_ttl`.',
  examples: ['drop', ['output:web', 'goto_table:1']],
});

export const flowSchema = z
  .strictObject({
    table: z.int().min(0).max(254).optional().meta({ default: 0, description: 'Every frame begins in table 0.' }),
    priority: z
      .int()
      .min(0)
      .max(65535)
      .optional()
      .meta({ default: 32768, description: 'Of the rules in a table that match, the one with the highest decides.', examples: [1000] }),
    match: oneOrMore(z.string().meta({ title: 'field' }))
      .optional()
      .meta({
        description:
          'The frames that it is for, in the words of ovs-fields(7): protocols (`ip`, `tcp`, `arp`) and fields with values (`tcp_dst=80`, `ip_src=10.1.0.0/24`, `in_port=web`). Unless given, all.',
        examples: [['tcp', 'tcp_dst=80', 'in_port=web'], 'arp'],
      }),
    actions: flowActions,
  })
  .meta({
    title: 'flow',
    description: 'An OpenFlow rule.',
    examples: [{ priority: 1000, match: ['tcp', 'tcp_dst=80'], actions: 'drop' }],
  });

export const groupOfFlowsSchema = z
  .strictObject({
    id: z
      .int()
      .min(0)
      .max(4294967040)
      .meta({ description: 'The number that `group:N` means.', examples: [1] }),
    type: z.enum(['all', 'select', 'indirect', 'ff']).optional().meta({
      default: 'all',
      description:
        '`all`: every bucket gets a copy. `select`: one gets it, by weight. `indirect`: there is one bucket only. `ff`: the first whose `watch_port` is up.',
    }),
    buckets: z.array(
      z
        .strictObject({
          actions: flowActions,
          weight: z.int().min(0).max(65535).optional().meta({ description: 'For `select`.' }),
          watch_port: portName.optional().meta({ description: 'For `ff`.' }),
        })
        .meta({ title: 'bucket', examples: [{ actions: 'output:web' }] }),
    ),
  })
  .meta({ title: 'flow group', examples: [{ id: 1, buckets: [{ actions: 'output:web' }, { actions: 'output:probe' }] }] });

export type FlowSpec = z.infer<typeof flowSchema>;
