import type { Figure, Figures, Phase } from './contender.ts';

/** Medians of one contender's runs with one size. */
export interface Result {
  readonly contender: string;
  readonly size: number;
  readonly runs: number;
  readonly figures: Figures;
}

export const PHASES: readonly Phase[] = ['up', 'again', 'grow', 'down', 'freed'];

/** The median of each figure by itself. */
export function median(runs: readonly Figures[]): Figures {
  const figures: { [P in Phase]?: Figure } = {};
  for (const phase of PHASES) {
    const all = runs.flatMap((run) => run[phase] ?? []);
    if (all.length === 0) continue;
    const cpu = middle(all.flatMap((one) => one.cpu ?? []));
    const peak = middle(all.flatMap((one) => one.peak ?? []));
    figures[phase] = {
      seconds: middle(all.map(({ seconds }) => seconds)) ?? 0,
      ...(cpu === undefined ? {} : { cpu }),
      ...(peak === undefined ? {} : { peak }),
    };
  }
  return figures;
}

function middle(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low, high] = sorted.length % 2 === 0 ? [sorted[half - 1], sorted[half]] : [sorted[half], sorted[half]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
