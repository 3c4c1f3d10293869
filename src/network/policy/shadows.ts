import { covers, supersets } from '../../collection/range-set.ts';
import { compareText } from '../broadcast-domains.ts';
import type { Report } from '../report.ts';
import type { MeantLine, MeantPolicy, SetTable } from './lines.ts';

/** Nobody mends more at one time, and to show each takes a while. */
const MOST_WARNINGS = 100;
/** Work for a warning: a policy of very many lines that nearly cover each other is not looked at to its end. */
const MOST_STEPS = 3_000_000;

/**
 * Warns of lines without an effect, because another covers them: each once, with the first by its text that does, a denial
 * before others. Of lines that mean the same, the last by its text. So nothing hangs on their order.
 */
export function checkShadows(policy: MeantPolicy, report: Report): void {
  let warnings = 0;
  for (const [line, cover] of coversOf(policy)) {
    warn(line, cover, report);
    warnings += 1;
    if (warnings === MOST_WARNINGS) return;
  }
}

function warn({ line }: MeantLine, { line: cover }: MeantLine, report: Report): void {
  const denies = cover.action !== 'allow';
  const message =
    denies && line.action === 'allow'
      ? `\`${line.text}\` lets nothing pass: \`${cover.text}\` denies all of it`
      : `\`${line.text}\` adds nothing: \`${cover.text}\` ${denies ? 'denies' : 'allows'} all of it already`;
  const remedy =
    denies && line.action === 'allow'
      ? 'A line that denies wins over those that allow: narrow it, or leave this line out.'
      : 'Leave it out, or narrow the other.';
  report.warn('policy-shadowed', line.origin, message, {
    at: 'key',
    remedy,
    related: [{ message: `what ${denies ? 'denies' : 'allows'} it`, origin: cover.origin, at: 'key' }],
  });
}

/** Only ends that contain a line's own come into question, so that lines are not compared pair by pair. */
function* coversOf({ lines, from, to, services }: MeantPolicy): Generator<readonly [MeantLine, MeantLine]> {
  const [around, aroundTo] = [supersets(from.sets), supersets(to.sets)];
  const byFrom = indexOf(lines);
  const includes = lookup(services);
  let steps = 0;
  for (const line of lines) {
    let best: MeantLine | undefined;
    for (const wider of around[line.from] ?? []) {
      const byTo = byFrom.get(wider);
      if (byTo === undefined) continue;
      for (const others of common(byTo, aroundTo[line.to] ?? [])) {
        for (const other of others) {
          steps += 1;
          if (steps > MOST_STEPS) return;
          if (other !== line && includes(other.services, line.services) && makesIdle(other, line) && isBefore(other, best)) best = other;
        }
      }
    }
    if (best !== undefined) yield [line, best];
  }
}

type ByTo = ReadonlyMap<number, readonly MeantLine[]>;

function indexOf(lines: readonly MeantLine[]): ReadonlyMap<number, ByTo> {
  const index = new Map<number, Map<number, MeantLine[]>>();
  for (const line of lines) {
    const byTo = index.get(line.from) ?? new Map<number, MeantLine[]>();
    index.set(line.from, byTo);
    const list = byTo.get(line.to);
    if (list === undefined) byTo.set(line.to, [line]);
    else list.push(line);
  }
  return index;
}

/** By whichever is shorter. */
function* common(byTo: ByTo, wanted: readonly number[]): Generator<readonly MeantLine[]> {
  if (wanted.length <= byTo.size) {
    for (const to of wanted) yield byTo.get(to) ?? [];
  } else {
    const set = new Set(wanted);
    for (const [to, lines] of byTo) if (set.has(to)) yield lines;
  }
}

/** Few sets of services are compared many times. */
function lookup({ sets }: SetTable): (outer: number, inner: number) => boolean {
  const known = new Map<number, boolean>();
  return (outer, inner) => {
    if (outer === inner) return true;
    const key = outer * sets.length + inner;
    const answer = known.get(key) ?? covers(sets[outer] ?? [], sets[inner] ?? []);
    known.set(key, answer);
    return answer;
  };
}

/** Whether a line that speaks of all that another does leaves that one without effect. */
function makesIdle(other: MeantLine, line: MeantLine): boolean {
  const [a, b] = [other.line, line.line];
  if (a.action !== 'allow' && b.action === 'allow') return true;
  if (a.action !== b.action || (b.log && !a.log)) return false;
  const same = other.from === line.from && other.to === line.to && other.services === line.services && a.log === b.log;
  return !same || compareText(a.text, b.text) < 0;
}

function isBefore({ line }: MeantLine, best: MeantLine | undefined): boolean {
  if (best === undefined) return true;
  const [denies, bestDenies] = [line.action !== 'allow', best.line.action !== 'allow'];
  return denies === bestDenies ? compareText(line.text, best.line.text) < 0 : denies;
}
