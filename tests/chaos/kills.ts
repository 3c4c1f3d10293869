/** Commands that are killed somewhere on their way, and whether the next one gets it right. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from '../cli/bottle.ts';
import { as, clean, ends, inTurn } from './right.ts';
import { spread, stepsDown, stepsTo } from './steps.ts';
import type { Subject } from './subject.ts';

/** Where a command is killed: before a change, or milliseconds after its start. */
type Place = { readonly step: number } | { readonly after: number };

export interface Wrong {
  readonly what: string;
  readonly place: Place;
  readonly findings: readonly string[];
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs a command and kills it; gives whether it was killed, and did not end before. */
async function kill({ host, bottle }: Subject, words: readonly string[], place: Place): Promise<boolean> {
  if ('step' in place) return (await bottle(words, { env: { NETBOTTLE_FAULT: `kill:${place.step}` } })).status === 137;
  // Only once it has said so, it is the command itself that a signal reaches, and not what puts it into the host.
  const child = host.start(['sh', '-c', 'echo ready; exec "$@" >/dev/null 2>&1', 'sh', ...program, ...words], {
    cwd: host.directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  if (child.stdout !== null) await once(child.stdout, 'data');
  await Promise.race([sleep(place.after), ended]);
  child.kill('SIGKILL');
  const [code] = (await ended) as [number | null];
  // What put it into the host is gone first; the kernel may take a moment more to end the command itself.
  await host.run(['sh', '-c', `while pgrep -f 'dist/bottle\\.js ${words[0]}' >/dev/null; do sleep 0.02; done`]);
  return code === null;
}

type Ordeal = (subject: Subject, place: Place, turn: number) => Promise<readonly string[]>;

/** Killed while it is raised for the first time. */
const overUp: Ordeal = async (subject, place, turn) => {
  const { first, name } = subject;
  await kill(subject, ['up', first], place);
  const removed = [() => ends(subject, ['down', '-y', name], 0), () => clean(subject)];
  const next = [
    [() => ends(subject, ['up', '-y', first], 0), () => as(subject, first), ...removed],
    removed,
    // Undone, unless it had just come to its end.
    [
      () => ends(subject, ['verify', first], 0, 1),
      async () => ((await subject.bottle(['verify', first])).status === 0 ? await as(subject, first) : await clean(subject)),
      ...removed,
    ],
  ];
  return await inTurn(...(next[turn % next.length] ?? []));
};

/** Killed while it is removed. */
const overDown: Ordeal = async (subject, place, turn) => {
  const { first, name } = subject;
  const raised = await ends(subject, ['up', '--no-verify', first], 0);
  if (raised.length > 0) return raised;
  await kill(subject, ['down', '-y', name], place);
  const removed = [() => ends(subject, ['down', '-y', name], 0), () => clean(subject)];
  const next = [
    removed,
    [() => ends(subject, ['up', '-y', first], 0), () => as(subject, first), ...removed],
    // Finished, unless it had not begun.
    [
      () => ends(subject, ['verify', first], 0, 1),
      async () => ((await subject.bottle(['verify', first])).status === 0 ? await as(subject, first) : await clean(subject)),
      ...removed,
    ],
  ];
  return await inTurn(...(next[turn % next.length] ?? []));
};

/** Killed while it is changed from the first file to the second. Leaves the first. */
const overChange: Ordeal = async (subject, place, turn) => {
  const { first, second, name } = subject;
  const raised = await ends(subject, ['up', '-y', '--no-verify', first], 0);
  if (raised.length > 0) return raised;
  await kill(subject, ['up', '-y', '--no-verify', second], place);
  const next = [
    [() => ends(subject, ['up', '-y', second], 0), () => as(subject, second)],
    [() => ends(subject, ['up', '-y', first], 0), () => as(subject, first)],
    [() => ends(subject, ['down', '-y', name], 0), () => clean(subject)],
    // Undone, unless it had just come to its end.
    [() => ends(subject, ['verify', name], 0), async () => ((await as(subject, second)).length === 0 ? [] : await as(subject, first))],
  ];
  return await inTurn(...(next[turn % next.length] ?? []));
};

const ordeals = { up: overUp, down: overDown, change: overChange } as const;
export type Over = keyof typeof ordeals;

async function duration({ bottle, first, second, name }: Subject): Promise<Readonly<Record<Over, number>>> {
  const time = async (...words: readonly string[]): Promise<number> => {
    const start = performance.now();
    await bottle.ok(...words);
    return performance.now() - start;
  };
  return { up: await time('up', first), change: await time('up', '-y', '--no-verify', second), down: await time('down', '-y', name) };
}

/** Kills at `count` places, half of them steps and half of them moments, spread over all of the command. */
export async function killAt(
  subject: Subject,
  over: Over,
  count: number,
  seed: number,
  report: (done: number) => void = () => undefined,
): Promise<readonly Wrong[]> {
  const { bottle, first, second, name } = subject;
  const length = (await duration(subject))[over];
  const total = over === 'up' ? await stepsTo(subject, first) : over === 'down' ? await stepsDown(subject, first) : await changing();
  async function changing(): Promise<number> {
    await bottle.ok('up', '--no-verify', first);
    const steps = await stepsTo(subject, second);
    await bottle.ok('down', '-y', name);
    return steps;
  }
  const chance = random(seed);
  const steps = spread(Math.ceil(count / 2), total).map((step): Place => ({ step }));
  const moments = Array.from({ length: count - steps.length }, (): Place => ({ after: Math.round(chance() * length) }));
  const wrong: Wrong[] = [];
  let turn = 0;
  for (const place of [...steps, ...moments]) {
    const findings = await ordeals[over](subject, place, turn);
    if (findings.length > 0) {
      wrong.push({ what: `${over}, way on ${turn}`, place, findings });
      // The next ordeal has to begin with a clean host.
      await bottle(['down', '-y', name]);
    }
    turn += 1;
    report(turn);
  }
  await bottle(['down', '-y', name]);
  const left = await clean(subject);
  return left.length === 0 ? wrong : [...wrong, { what: `${over}, at the end`, place: { step: -1 }, findings: left }];
}
