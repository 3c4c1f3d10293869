import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Jury } from './jury.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

interface Verdict {
  /** Makes the same text again. */
  readonly seed: number;
  readonly text: string;
  readonly findings: readonly string[];
}

export interface Campaign {
  readonly judged: number;
  /** Milliseconds that the slowest took. */
  readonly slowest: number;
  readonly bad: readonly Verdict[];
}

/** Judges `count` mutants of the examples, the corpus of wrong files and the valid files here; seeds count up from `firstSeed`. */
export async function campaign(count: number, firstSeed: number, report?: (judged: number) => void): Promise<Campaign> {
  const texts = sources();
  const jury = new Jury();
  const bad: Verdict[] = [];
  let slowest = 0;
  try {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const random = new Random(seed);
      const text = mutate(random.pick(texts), texts, random);
      const start = performance.now();
      const findings = await jury.judge(text);
      if (seed > firstSeed) slowest = Math.max(slowest, performance.now() - start);
      if (findings.length > 0) bad.push({ seed, text, findings });
      report?.(seed - firstSeed + 1);
    }
  } finally {
    await jury.close();
  }
  return { judged: count, slowest, bad };
}

function sources(): readonly [string, ...string[]] {
  const root = join(import.meta.dirname, '..', '..');
  const files = ['examples', 'tests/corpus', 'tests/mutation/valid'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => join(root, folder, name)),
  );
  const [first = '', ...rest] = files.map((file) => readFileSync(file, 'utf8'));
  return [first, ...rest];
}
