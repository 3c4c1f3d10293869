import type { CodeEntry } from './code-entry.ts';

/** Codes of the proof: what the file promises, and what it would do. */
export const proofCodes = {
  'promise-refuted': {
    title: 'A promise that the rest of the file does not keep',
    text: 'Before anything is applied, every line of `expect` is proved of all packets that there could be. Where it does not hold, a packet is shown that breaks it, with the lines that let it pass or stop it. Change the promise, or what breaks it. `bottle up --no-prove` applies the file as it is.',
  },
} as const satisfies Record<string, CodeEntry>;
