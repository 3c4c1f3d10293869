/** The catalogue of everything that can be said about a file. The docs page is generated from it. */
export interface CodeEntry {
  /** One line. */
  readonly title: string;
  /** What it means and why it matters, for the docs. */
  readonly text: string;
}

export const codes = {
  'unknown-key': { title: 'A key that the file format does not have', text: 'Most often a slip of the pen; the nearest known key is suggested.' },
} as const satisfies Record<string, CodeEntry>;

export type DiagnosticCode = keyof typeof codes;
