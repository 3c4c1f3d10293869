import type { CodeEntry } from './code-entry.ts';
import { networkCodes } from './codes-network.ts';
import { proofCodes } from './codes-proof.ts';
import { specCodes } from './codes-spec.ts';

export type { CodeEntry } from './code-entry.ts';

/** Everything that can be said about a file, by code. @internal */
export const codes = { ...specCodes, ...networkCodes, ...proofCodes } as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof codes;
