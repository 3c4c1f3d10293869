/** How long a policy takes to be read, compiled and loaded, and a change of one line of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inScratch } from '../src/backend/kernel/namespace.ts';
import { nft } from '../src/backend/nftables/libnftables.ts';
import { tableText } from '../src/backend/nftables/print-table.ts';
import { transition } from '../src/backend/nftables/transaction.ts';
import { compile } from '../src/compile/compile.ts';
import { resolve } from '../src/network/resolve.ts';
import type { Resource } from '../src/resource/kinds.ts';
import type { Table } from '../src/resource/table.ts';
import { loadBottle } from '../src/spec/load.ts';
import { type Figure, timed } from './contender.ts';
import { median, PROGRAM } from './policy-figures.ts';
import { type PolicySize, policyFile } from './policy-file.ts';

const BOTTLE = 'bench-policy';
/** What `bottle plan` ends with when there are some. */
const CHANGES = 2;
/** The line that is changed. */
const LINES = ['m0 -> m1: udp/53', 'm0 -> m1: udp/54'] as const;

export interface TimeFigure {
  readonly what: string;
  readonly seconds: number;
  /** User and system time of the process. */
  readonly cpu: number;
}

/** By turns, medians of as many runs. */
export async function measureTimes(size: PolicySize, runs: number): Promise<readonly TimeFigure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-policy-'));
  const paths = LINES.map((line, index) => {
    const path = join(directory, `${index}.yaml`);
    writeFileSync(path, policyFile(BOTTLE, size, [line]));
    return path;
  });
  const [one = '', other = ''] = paths;
  const found = new Map<string, Figure[]>();
  const note = (what: string, figure: Figure): void => void found.set(what, [...(found.get(what) ?? []), figure]);
  const command = async (what: string, words: readonly string[], status = 0): Promise<void> => {
    const figure = await timed([process.execPath, PROGRAM, ...words], status);
    note(what, figure);
    console.error(`${what}: ${figure.seconds.toFixed(2)} s, CPU ${figure.cpu?.toFixed(2)} s`);
  };
  try {
    for (let run = 0; run < runs; run++) {
      await inProcess(one, other, note);
      let standing = true;
      try {
        await command('`bottle up`: all of it', ['up', '--no-verify', one]);
        await command('`bottle up` again: nothing to do', ['up', '--no-verify', one]);
        await command('`bottle plan`: one line changed', ['plan', other], CHANGES);
        await command('`bottle up`: one line changed', ['up', '--no-verify', other]);
        standing = false;
        await command('`bottle down`', ['down', '-y', BOTTLE]);
      } finally {
        if (standing) await timed([process.execPath, PROGRAM, 'down', '-y', BOTTLE]);
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return [...found].map(([what, all]) => ({
    what,
    seconds: median(all.map(({ seconds }) => seconds)),
    cpu: median(all.map(({ cpu }) => cpu ?? Number.NaN)),
  }));
}

type Note = (what: string, figure: Figure) => void;

function lap<T>(what: string, note: Note, act: () => T): T {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = act();
  const { user, system } = process.cpuUsage(used);
  note(what, { seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 });
  return result;
}

/** The steps by themselves, in this process, and the transactions in namespaces that have nothing else. */
async function inProcess(one: string, other: string, note: Note): Promise<void> {
  const before = await tablesOf(one, note);
  lap('load all tables', note, () => {
    for (const table of before) inScratch(() => nft(tableText(table, BOTTLE)));
  });
  const after = await tablesOf(other, () => undefined);
  const pairs = after.map((table) => [before.find((old) => old.namespace === table.namespace), table] as const);
  const steps = lap('compare with what was there', note, () =>
    pairs.map(([old, table]) => ({ old, text: old === undefined ? undefined : transition(old, table) })),
  );
  let [seconds, cpu] = [0, 0];
  for (const { old, text } of steps) {
    if (old === undefined || text === undefined || text === '') continue;
    inScratch(() => {
      nft(tableText(old, BOTTLE));
      lap(
        '',
        (_, figure) => ([seconds, cpu] = [seconds + figure.seconds, cpu + (figure.cpu ?? 0)]),
        () => nft(text),
      );
    });
  }
  note('transactions of the one line', { seconds, cpu });
}

const isTable = (resource: Resource): resource is Table => resource.kind === 'table';

async function tablesOf(path: string, note: Note): Promise<readonly Table[]> {
  const { file } = await loadBottle(path);
  if (file === undefined) throw new Error(`${path} cannot be read`);
  const { network } = lap('resolve', note, () => resolve(file, { directory: dirname(path) }));
  if (network === undefined) throw new Error(`${path} cannot be resolved`);
  const facts = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };
  return lap('compile', note, () => compile(network, facts)).filter(isTable);
}
