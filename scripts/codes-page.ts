import type { CodeEntry } from '../src/diagnostic/code-entry.ts';
import { networkCodes } from '../src/diagnostic/codes-network.ts';
import { proofCodes } from '../src/diagnostic/codes-proof.ts';
import { specCodes } from '../src/diagnostic/codes-spec.ts';

/** Codes that have a heading of their own on the page. */
export interface CodeSection {
  readonly title: string;
  readonly codes: Readonly<Record<string, CodeEntry>>;
}

/** The page of all codes, in Markdown: those of files, and the further ones. */
export function codesPage(further: readonly CodeSection[]): string {
  return `# What the messages mean

<!-- Written by scripts/generate.ts from the catalogues in the source: change it there. -->

Every error and warning has a code that stays the same from version to version. It is shown in brackets, and given as \`code\`
with \`-o json\`. Errors in a file stop a command before anything changes; warnings do not.

## Reading a file

${entries(specCodes)}

## What the parts of a file mean together

${entries(networkCodes)}

## What the proof finds

${entries(proofCodes)}
${further.map(({ title, codes }) => `\n## ${title}\n\n${entries(codes)}\n`).join('')}`;
}

function entries(codes: Readonly<Record<string, CodeEntry>>): string {
  const sorted = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([code, entry]) => `### \`${code}\`\n\n**${entry.title}.** ${entry.text}`).join('\n\n');
}
