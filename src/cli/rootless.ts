/**
 * For an ordinary user, a bottle lives in a user namespace of its own, which a process holds for as long as it runs.
 * Commands on it start themselves again inside, where the user is root and the namespace's network stands for the host.
 */
import { follow } from '../backend/process/follow.ts';
import { endHolder, ensureHolder, enterHolder, findHolder } from '../backend/rootless/holder.ts';
import type { Holder } from '../backend/rootless/holder-record.ts';
import { RootlessError } from '../backend/rootless/rootless-error.ts';
import { requireUplink, reviveUplink, startUplink } from '../backend/rootless/uplink.ts';
import { userNamespaceObstacle } from '../backend/rootless/user-namespaces.ts';
import { EngineError } from '../engine/error.ts';
import { loadOrRecall } from '../engine/load.ts';
import { forget, readState, tidy } from '../engine/state.ts';
import { program } from './program.ts';
import { home } from './session.ts';
import { bottleNamed, fileNamed } from './which.ts';

/** Set inside. */
const INSIDE = 'NETBOTTLE_ROOTLESS';

export const isOrdinaryUser = (): boolean => process.getuid?.() !== 0 && process.env[INSIDE] === undefined;

export interface Entry {
  readonly bottle: string;
  /** Whether the namespace is made where there is none. */
  readonly create: boolean;
  /** Whether machines reach what the host reaches. */
  readonly uplink: boolean;
}

/** For commands that read a file and may raise what it describes. */
export async function entryOfFile(file: string | undefined, raises: boolean): Promise<Entry> {
  const { network } = await loadOrRecall(home(), fileNamed(file));
  const uplink = raises && network.segments.some(({ attachment }) => attachment.mode === 'nat' || attachment.mode === 'routed');
  return { bottle: network.name, create: true, uplink };
}

/** For commands on a bottle that runs. */
export const entryOfBottle = async (target: string | undefined): Promise<Entry> => ({
  bottle: await bottleNamed(target),
  create: false,
  uplink: false,
});

/** They end because of a `down`, which lets go itself. */
const ENDED_BY_DOWN: ReadonlySet<string> = new Set(['watch', 'capture']);

/** Runs this very command inside, and gives its exit code; undefined where there is nothing to go into. */
export async function inside({ bottle, create, uplink }: Entry): Promise<number | undefined> {
  const at = home();
  const there = findHolder(at, bottle);
  if (there === undefined && !create) return leftover(bottle);
  if (uplink) requireUplink();
  const holder = there ?? (await ensureHolder(at, bottle));
  try {
    if (uplink) await startUplink(holder);
    else if (!create && process.argv[2] !== 'down') await revive(holder);
    return (
      await enterHolder(holder, [...program(), ...process.argv.slice(2)], { ...process.env, [INSIDE]: '1', NETBOTTLE_STATE: at.root })
    ).code;
  } finally {
    // After `down`, and after an `up` that came to nothing, there is nothing left to hold.
    if (readState(at, bottle) === undefined && !ENDED_BY_DOWN.has(process.argv[2] ?? '')) await letGo(bottle);
  }
}

/** Without a way out a command still does what it can inside. */
async function revive(holder: Holder): Promise<void> {
  try {
    await reviveUplink(holder);
  } catch (error) {
    if (!(error instanceof RootlessError)) throw error;
    process.stderr.write(`${holder.bottle} does not reach the outside: ${error.message}\n`);
  }
}

/** Runs this very command in a user namespace that is gone afterwards. */
export async function tried(): Promise<number> {
  const obstacle = userNamespaceObstacle();
  if (obstacle !== undefined) throw obstacle;
  const enter = ['--user', '--map-root-user', '--mount', '--net', ...program(), ...process.argv.slice(2)];
  const environment = { ...process.env, [INSIDE]: '1' };
  return (await follow('unshare', enter, { environment, stdio: ['inherit', 'inherit', 'inherit'], tty: process.stdin.isTTY })).code;
}

/** Without its holder a bottle is gone, whatever its notes say. */
async function leftover(bottle: string): Promise<undefined> {
  if (readState(home(), bottle) === undefined) return;
  if (process.argv[2] !== 'down') {
    throw new EngineError('not-running', `${bottle} runs no longer: the process that held its namespaces has ended`, {
      remedy: '`bottle up` raises it again; `bottle down` removes its notes.',
    });
  }
  await letGo(bottle);
}

async function letGo(bottle: string): Promise<void> {
  const at = home();
  await endHolder(at, bottle);
  forget(at, bottle);
  tidy(at);
}
