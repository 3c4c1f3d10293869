import type { CodeEntry } from './code-entry.ts';
import { networkCodes } from './codes-network.ts';
import { specCodes } from './codes-spec.ts';

/** The page of all diagnostic codes, in Markdown. */
export function codesPage(): string {
  return `# What can be wrong with a file

<!-- Written by scripts/generate.ts from src/diagnostic/codes-*.ts: change it there. -->

Every error and warning has a code that stays the same from version to version. It is shown in brackets, and given as \`code\`
with \`-o json\`. Errors stop a command before anything changes; warnings do not.

## Reading a file

${entries(specCodes)}

## What the parts of a file mean together

${entries(networkCodes)}
`;
}

function entries(codes: Readonly<Record<string, CodeEntry>>): string {
  const sorted = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([code, entry]) => `### \`${code}\`\n\n**${entry.title}.** ${entry.text}`).join('\n\n');
}
