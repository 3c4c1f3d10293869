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
  const text = file === undefined ? WRITTEN_DOWN[name ?? ''] : readFileSync(join(directory, file), 'utf8').trim();
  if (text === undefined) throw new Error(`${name} is bundled, and ships no licence text: write one down by hand in scripts/notices.ts.`);
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Packages that name their licence and do not ship its text. */
const WRITTEN_DOWN: Readonly<Record<string, string>> = {
  '@bomb.sh/tab': `MIT License

Copyright (c) the authors of @bomb.sh/tab

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
};
