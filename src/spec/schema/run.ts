import * as z from 'zod';
import { name, text } from './words.ts';

const line = z.string().meta({ title: 'command line' });

const command = z.union([line, z.array(z.string()).min(1)]);

const process = z.strictObject({
  command: command.meta({
    description: 'A line for /bin/sh, or a program and its arguments.',
    examples: ['python3 -m http.server 80', ['nginx', '-g', 'daemon off;']],
  }),
  environment: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta({ description: 'Environment variables.', examples: [{ PORT: 80 }] }),
  directory: text.optional().meta({ description: 'Working directory; relative to the bottle file.', examples: ['site'] }),
  restart: z
    .enum(['never', 'on-failure', 'always'])
    .optional()
    .meta({ default: 'never', description: 'Whether it is started again when it ends.', examples: ['on-failure'] }),
});

export const runSchema = z.union([line, z.record(name, z.union([line, process]).meta({ title: 'command' }))]).meta({
  description: 'Long-running commands: one line, or several by name.',
  examples: ['python3 -m http.server 80', { web: 'python3 -m http.server 80', log: { command: 'tail -f access.log', restart: 'always' } }],
});

export type RunSpec = z.infer<typeof runSchema>;
