/** What a diagnostic code means. The page `docs/errors.md` is generated from these. */
export interface CodeEntry {
  /** One line. */
  readonly title: string;
  /** What it means, why it matters and how to get past it, for the docs. Markdown. */
  readonly text: string;
}
