import { networkCodes } from './codes-network.ts';
import { specCodes } from './codes-spec.ts';

/** What a diagnostic code means. The page `docs/errors.md` is generated from these. */
export interface CodeEntry {
  /** One line. */
  readonly title: string;
  /** What it means, why it matters and how to get past it, for the docs. Markdown. */
  readonly text: string;
}

/** Everything that can be said about a file, by code. */
export const codes = { ...specCodes, ...networkCodes } as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof codes;
