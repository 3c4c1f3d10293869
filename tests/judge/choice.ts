/** Choices at random. */
import type { Random } from '../mutation/random.ts';

export const chance = (random: Random, percent: number): boolean => random.below(100) < percent;

/** So many of them, or all. */
export function some<T>(random: Random, choices: readonly T[], count: number): readonly T[] {
  const left = [...choices];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

export function one<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.below(choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
}
