import type { CodeEntry } from './code-entry.ts';
import { networkCodes } from './codes-network.ts';
import { specCodes } from './codes-spec.ts';

export type { CodeEntry } from './code-entry.ts';

/** Everything that can be said about a file, by code. @internal */
export const codes = { ...specCodes, ...networkCodes } as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof codes;
