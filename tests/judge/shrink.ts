/** Makes a file smaller for as long as a disagreement stays. */
import type { Court } from './court.ts';
import { type File, readFile } from './file.ts';
import { type Disagreement, judgeAgain } from './judge.ts';

/** Every way to leave one thing out, the larger things first. */
function* without(tree: unknown, depth: number): Generator<unknown> {
  if (typeof tree !== 'object' || tree === null || depth === 0) return;
  const entries = Object.entries(tree);
  const rebuild = (changed: readonly (readonly [string, unknown])[]): unknown =>
    Array.isArray(tree) ? changed.map(([, value]) => value) : Object.fromEntries(changed);
  const half = entries.length >> 1;
  if (entries.length >= 4 && depth < DEPTH) for (const part of [entries.slice(half), entries.slice(0, half)]) yield rebuild(part);
  for (const [key] of entries) if (key !== 'name') yield rebuild(entries.filter(([other]) => other !== key));
  for (const [key, value] of entries)
    for (const smaller of without(value, depth - 1)) yield rebuild(entries.map(([other, kept]) => [other, other === key ? smaller : kept]));
}

const DEPTH = 5;

export async function shrink(court: Court, found: Disagreement, patience = 80): Promise<Disagreement> {
  let best = found;
  let left = patience;
  const tried = new Set<string>();
  for (let smaller = true; smaller && left > 0; ) {
    smaller = false;
    for (const candidate of without(best.file, DEPTH)) {
      const file = candidate as File;
      const text = JSON.stringify(file);
      if (left === 0 || tried.has(text)) continue;
      tried.add(text);
      if (!stillAsks(file, best)) continue;
      left -= 1;
      const disagreement = await judgeAgain(court, file, best.asked, { hasty: true });
      if (disagreement === undefined) continue;
      best = disagreement;
      smaller = true;
      break;
    }
  }
  // What was only late is none.
  return (await judgeAgain(court, best.file, best.asked)) ?? found;
}

/** Whether there is still somebody to send the packet. */
function stillAsks(file: File, { asked }: Disagreement): boolean {
  const read = readFile(file);
  if (read === undefined) return false;
  if (asked === undefined) return true;
  const { network } = read;
  const addresses =
    asked.from === 'host'
      ? network.segments.flatMap(({ attachment }) => ('host' in attachment ? attachment.host.addresses : []))
      : (network.nodes.find(({ name }) => name === asked.from)?.interfaces.flatMap((one) => one.addresses) ?? []);
  const { source } = asked;
  return addresses.some(({ address }) => (source === undefined ? address.family === asked.to.family : address.value === source.value));
}
