import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence notices of the packages that are bundled, for the files `inputs` (paths from `root`) that went into the bundle. */
export function notices(root: string, inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[0] ?? []));
  return [...packages]
    .sort()
    .map((directory) => notice(join(root, directory)))
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, and ships no licence text: write one down by hand in scripts/notices.ts.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
}
