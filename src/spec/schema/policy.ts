import * as z from 'zod';
import { services } from './words.ts';

const denial = z.enum(['drop', 'reject']);

const log = z.boolean().meta({ default: false });

const policyLineSchema = z
  .union([
    services,
    z.strictObject({
      allow: services.optional().meta({ description: 'The services that may pass, or `any`.', examples: ['ssh', ['http', 'https']] }),
      deny: services.optional().meta({ description: 'The services that may not pass, or `any`.', examples: [['smtp']] }),
      action: denial.optional().meta({
        default: 'drop',
        description: 'With `deny`: `drop` says nothing to the sender, `reject` tells it at once.',
      }),
      log: log.optional().meta({ description: 'Whether new connections that the line decides are logged.' }),
    }),
  ])
  .meta({ title: 'rule' });

const otherwiseSchema = z
  .union([
    denial,
    z.strictObject({
      action: denial.optional().meta({ default: 'drop', description: '`drop` says nothing to the sender, `reject` tells it at once.' }),
      log: log.optional().meta({ description: 'Whether what is denied is logged.' }),
    }),
  ])
  .meta({
    default: 'drop',
    description: 'What becomes of packets that no line speaks of.',
    examples: ['reject', { action: 'reject', log: true }],
  });

export const policySchema = z
  .object({ otherwise: otherwiseSchema.optional() })
  .catchall(policyLineSchema)
  .meta({
    description:
      'Who may talk to whom through the routers, `from -> to: services`. Once there is a policy, what no line allows is denied; without one everything is allowed. An end is a network (the addresses of its subnets), a machine, router or group, an address or prefix, `internet` or `any`; services may be `any`. A line with `drop` or `reject` instead of services denies everything, and what denies wins over what allows; the order of lines means nothing. Answers to what was allowed always pass. Inside one network nothing is filtered. A router itself is reached only where a line names it, its address, or `any`.',
    examples: [
      { 'any -> any': 'ping', 'internet -> web': ['http', 'https'], 'guests -> db': 'drop', 'hub -> jump': { allow: 'ssh', log: true } },
    ],
  });

export type PolicyLineSpec = z.infer<typeof policyLineSchema>;

export type OtherwiseSpec = z.infer<typeof otherwiseSchema>;
