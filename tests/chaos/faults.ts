/** A failure before every single change, and whether everything is as it was then. */
import { as, clean, ends, inTurn, same } from './right.ts';
import { spread, stepsTo } from './steps.ts';
import type { Subject } from './subject.ts';

export interface Left {
  readonly over: 'up' | 'change';
  /** The change before which it failed. */
  readonly step: number;
  readonly findings: readonly string[];
}

/** An `up` that fails on purpose, and says so. */
async function fail({ bottle }: Subject, file: string, step: number): Promise<readonly string[]> {
  const { status, stdout, stderr } = await bottle(['up', '-y', '--no-verify', '-o', 'json', file], {
    env: { NETBOTTLE_FAULT: `fail:${step}` },
  });
  const code = stdout.startsWith('{') ? (JSON.parse(stdout) as { code?: string }).code : undefined;
  return status === 1 && code === 'apply-failed' ? [] : [`exit code ${status}, ${code}\n${stdout.slice(0, 2000)}${stderr}`];
}

export interface Trial {
  /** How many steps are tried, spread over all; every one unless given. */
  readonly places?: number;
  /** Is told how many there are in all. */
  readonly report?: (done: number, total: number) => void;
}

/** Tries steps of the way from nothing to the first file. */
export async function failUp(subject: Subject, { places = Number.POSITIVE_INFINITY, report }: Trial): Promise<readonly Left[]> {
  const steps = spread(places, await stepsTo(subject, subject.first));
  const left: Left[] = [];
  for (const [done, step] of steps.entries()) {
    const findings = await inTurn(
      () => fail(subject, subject.first, step),
      () => clean(subject),
    );
    if (findings.length > 0) left.push({ over: 'up', step, findings });
    report?.(done + 1, steps.length);
  }
  return left;
}

interface Kept {
  readonly pid?: number;
  readonly resource: { readonly kind: string; readonly machine: string; readonly name?: string };
}

interface Shown {
  readonly nodes: readonly { readonly processes: readonly Kept[] }[];
}

const nameOf = ({ resource }: Kept): string => `${resource.machine}/${resource.name ?? ''}`;

const without = (key: string, value: unknown): unknown => (['pid', 'since', 'restarts', 'lastExit'].includes(key) ? undefined : value);

/** What `show` prints, without what may differ: numbers of processes that had to be started again, and the order of what was made anew. */
const plain = (shown: Shown): string =>
  JSON.stringify(shown, (key, value: unknown) =>
    ['addresses', 'links', 'processes', 'routes'].includes(key) && Array.isArray(value)
      ? value.map((one) => JSON.stringify(one, without)).sort()
      : value,
  );

const numbers = (shown: Shown): ReadonlyMap<string, number | undefined> =>
  new Map(
    shown.nodes
      .flatMap(({ processes }) => processes)
      .filter(({ resource }) => resource.kind === 'process')
      .map((kept) => [nameOf(kept), kept.pid]),
  );

/** Tries steps of the way from the first file to the second. */
export async function failChange(subject: Subject, { places = Number.POSITIVE_INFINITY, report }: Trial): Promise<readonly Left[]> {
  const { bottle, host, first, second, name } = subject;
  await bottle.ok('up', '--no-verify', first);
  const before = await host.state();
  const shown = await bottle.json<Shown>(0, 'show', '-b', name);
  const steps = spread(places, await stepsTo(subject, second));
  const touched = await processesTouched(subject);
  const left: Left[] = [];
  for (const [done, step] of steps.entries()) {
    const findings = await inTurn(
      () => fail(subject, second, step),
      () => as(subject, first),
      () => same(before, () => host.state(), made(name)),
      () => unchanged(subject, shown, touched),
    );
    if (findings.length > 0) {
      left.push({ over: 'change', step, findings });
      await bottle(['up', '-y', '--no-verify', first]);
    }
    report?.(done + 1, steps.length);
  }
  return [...left, ...(await leftAfter(subject))];
}

async function leftAfter(subject: Subject): Promise<readonly Left[]> {
  const findings = await inTurn(
    () => ends(subject, ['down', '-y', subject.name], 0),
    () => clean(subject),
  );
  return findings.length === 0 ? [] : [{ over: 'change', step: -1, findings }];
}

/** Numbers that the kernel gives anew to what was made anew: of our devices, namespaces and processes. */
const made = (name: string): RegExp =>
  new RegExp(
    `^(links: (${name}-[^ ]*|netbottle[^ ]*): (ifindex|link_index|link_netnsid) |(namespaces|processes): |mounts: /run/netbottle/|queues: )`,
  );

async function processesTouched({ bottle, second }: Subject): Promise<ReadonlySet<string>> {
  const { changes } = await bottle.json<{ changes: { identity: string }[] }>(2, 'plan', second);
  return new Set(changes.flatMap(({ identity }) => /^process:(.*)$/.exec(identity)?.[1] ?? []));
}

/** `show` says the same, and processes that the change was not about run on. */
async function unchanged({ bottle, name }: Subject, before: Shown, touched: ReadonlySet<string>): Promise<readonly string[]> {
  const now = await bottle.json<Shown>(0, 'show', '-b', name);
  const found: string[] = plain(now) === plain(before) ? [] : [`show: ${plain(before)}\nis now: ${plain(now)}`];
  const pids = numbers(now);
  for (const [process, pid] of numbers(before))
    if (!touched.has(process) && pids.get(process) !== pid) found.push(`process ${process} was ${pid}, is ${pids.get(process)}`);
  return found;
}
