import type { CodeEntry } from './code-entry.ts';
import { addressCodes } from './network-codes/addresses.ts';
import { natCodes } from './network-codes/nat.ts';
import { nodeCodes } from './network-codes/nodes.ts';
import { overlayCodes } from './network-codes/overlay.ts';
import { policyCodes } from './network-codes/policy.ts';
import { routingCodes } from './network-codes/routing.ts';
import { segmentCodes } from './network-codes/segments.ts';
import { switchingCodes } from './network-codes/switching.ts';

/** Codes of the network stage: what the parts of a file mean together. */
export const networkCodes = {
  ...addressCodes,
  ...natCodes,
  ...nodeCodes,
  ...overlayCodes,
  ...policyCodes,
  ...routingCodes,
  ...segmentCodes,
  ...switchingCodes,
} as const satisfies Record<string, CodeEntry>;
