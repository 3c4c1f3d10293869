/**
 * The known word that a mistyped one most likely stands for.
 *
 * @returns undefined when none is near: a wrong suggestion is worse than none
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const written = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = allowance(written) + 1;
  for (const candidate of known) {
    const distance = editDistance(written, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function allowance(word: string): number {
  if (word.length <= 1) return 0;
  if (word.length <= 3) return 1;
  return word.length <= 7 ? 2 : 3;
}

/**
 * Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
 *
 * @returns `limit` when it is that much or more
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) >= limit) return limit;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? limit, limit);
}
