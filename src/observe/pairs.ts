/** A deterministic choice among too many pairs: every source and every target comes up before any comes up twice as often. */
export interface Pairs<S, T> {
  readonly pairs: readonly (readonly [S, T])[];
  /** How many there are in all, without those of a thing with itself. */
  readonly total: number;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** A step that visits all of 0 to count-1 and keeps neighbours in time apart in place (the golden section). */
function step(count: number): number {
  let candidate = Math.max(1, Math.round(count * 0.618));
  while (gcd(candidate, count) !== 1) candidate += 1;
  return candidate;
}

function* spread(many: number, few: number, limit: number): Generator<readonly [number, number]> {
  const stride = step(few);
  const round = Math.min(many, Math.max(limit, 1));
  for (let turn = 1; turn <= few; turn += 1) {
    const shift = (turn * stride) % few;
    for (let index = 0; index < round; index += 1) yield [Math.floor((index * many) / round), (index + shift) % few];
  }
}

/** What tells two things apart; a target without a name is never the same as a source. */
export interface Names<S, T> {
  readonly source: (source: S) => string;
  readonly target: (target: T) => string | undefined;
}

/** At most `limit` pairs, 1 or more; all of them where they are no more. */
export function choosePairs<S, T>(sources: readonly S[], targets: readonly T[], limit: number, name: Names<S, T>): Pairs<S, T> {
  const total = sources.length * targets.length - ownPairs(sources, targets, name);
  const pairs: (readonly [S, T])[] = [];
  const manySources = sources.length >= targets.length;
  const indexes = manySources ? spread(sources.length, targets.length, limit) : spread(targets.length, sources.length, limit);
  for (const [large, small] of indexes) {
    if (pairs.length >= Math.min(limit, total)) break;
    const source = sources[manySources ? large : small];
    const target = targets[manySources ? small : large];
    if (source !== undefined && target !== undefined && name.source(source) !== name.target(target)) pairs.push([source, target]);
  }
  return { pairs, total };
}

function ownPairs<S, T>(sources: readonly S[], targets: readonly T[], name: Names<S, T>): number {
  const counts = new Map<string | undefined, number>();
  for (const target of targets) counts.set(name.target(target), (counts.get(name.target(target)) ?? 0) + 1);
  return sources.reduce((sum, source) => sum + (counts.get(name.source(source)) ?? 0), 0);
}
