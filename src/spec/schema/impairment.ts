import * as z from 'zod';

const duration = z.string().meta({ title: 'time', examples: ['20ms'] });

const share = z.string().meta({ title: 'percentage', examples: ['1%'] });

export const impairSchema = z
  .strictObject({
    delay: duration.optional().meta({ description: 'How long every packet is held up.', examples: ['20ms'] }),
    jitter: duration.optional().meta({
      description: 'How much the delay varies, to either side; packets may then overtake one another.',
      examples: ['5ms'],
    }),
    loss: share.optional().meta({ description: 'How many packets are lost.', examples: ['1%'] }),
    duplicate: share.optional().meta({ description: 'How many packets arrive twice.', examples: ['0.5%'] }),
    reorder: share.optional().meta({
      description: 'How many packets are not held up by the delay, and overtake others.',
      examples: ['5%'],
    }),
    rate: z
      .string()
      .meta({ title: 'rate' })
      .optional()
      .meta({ description: 'Bits a second: what comes faster waits for up to 50 ms and is dropped then.', examples: ['10mbit'] }),
  })
  .meta({
    description: 'What a cable does to packets, in each of its two directions.',
    examples: [{ delay: '20ms', jitter: '5ms', loss: '1%' }],
  });

export type ImpairSpec = z.infer<typeof impairSchema>;
