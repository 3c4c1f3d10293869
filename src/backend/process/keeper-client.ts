import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { bottleDirectory, type Home } from '../home.ts';
import { socketPath } from '../socket-path.ts';
import { endProcesses } from './ending.ts';
import { isAlive, type ProcessIdentity } from './identity.ts';
import {
  type KeeperAction,
  type KeeperReply,
  type KeeperRequest,
  type KeeperResult,
  type KeeperStatus,
  keeperLogPath,
  keeperSocket,
  onLines,
  READY_VARIABLE,
} from './keeper-protocol.ts';
import { endLeftovers, lastKeeper } from './keeper-record.ts';
import { lastLines } from './log-file.ts';
import { ProcessError } from './process-error.ts';

/** Milliseconds. A keeper may first have to end what one that was killed has left, and on a slow host its start alone takes long. */
const START_LIMIT = 90_000;
const STATUS_LIMIT = 10_000;
const SHUTDOWN_LIMIT = 30_000;
const GRACE = 2000;

/**
 * Starts the bottle's keeper, unless there is one, and is back when it answers.
 *
 * `argv0` is the program and its first arguments (absolute paths); `keeper DIRECTORY` is added.
 * @throws ProcessError `keeper-not-started`
 */
export async function startKeeper(home: Home, bottle: string, argv0: readonly string[]): Promise<void> {
  if (await readKeeper(home, bottle)) return;
  const directory = bottleDirectory(home, bottle);
  const path = keeperLogPath(directory);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const log = openSync(path, 'a', 0o600);
  const earlier = fstatSync(log).size;
  try {
    const [program = process.execPath, ...first] = argv0;
    const child = spawn(program, [...first, 'keeper', directory], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
      env: { ...withoutMarks(process.env), [READY_VARIABLE]: '3' },
    });
    child.unref();
    const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
    const said = await Promise.race([firstChunk(child.stdio[3] as Readable), failed]);
    if (said.startsWith('ready')) return;
  } finally {
    closeSync(log);
  }
  // One that found another keeper at work ends without a word: then that one answers.
  if (await readKeeper(home, bottle)) return;
  const words = lastLines(path, 5, earlier).join('\n');
  throw new ProcessError(
    'keeper-not-started',
    `the keeper of ${bottle} did not start${words === '' ? '' : `:\n${words}`}`,
    `Its log: ${path}`,
  );
}

/** What the keeper looks after; nothing when there is none, or it is dead. */
export async function readKeeper(home: Home, bottle: string): Promise<KeeperStatus | undefined> {
  const reply = await ask(bottleDirectory(home, bottle), { request: 'status' }, STATUS_LIMIT);
  return reply?.reply === 'status' ? reply.status : undefined;
}

/**
 * Starts and stops, one result for each action in the same order; an action that fails does not keep the others from being done.
 * @throws ProcessError `keeper-not-started` when there is no keeper, or it died meanwhile.
 */
export async function applyToKeeper(home: Home, bottle: string, actions: readonly KeeperAction[]): Promise<readonly KeeperResult[]> {
  if (actions.length === 0) return [];
  const reply = await ask(bottleDirectory(home, bottle), { request: 'apply', actions });
  if (reply?.reply === 'results') return reply.results;
  throw new ProcessError(
    'keeper-not-started',
    `the keeper of ${bottle} ${reply === undefined ? 'is not there' : 'is of another version'}`,
    'Run `bottle down`, then `bottle up`.',
  );
}

/** Ends the keeper with all that it looks after, also when it is dead already or does not answer. */
export async function endKeeper(home: Home, bottle: string): Promise<void> {
  const directory = bottleDirectory(home, bottle);
  const keeper = lastKeeper(directory);
  try {
    await ask(directory, { request: 'shutdown' }, SHUTDOWN_LIMIT);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    // It hangs. What it leaves is ended below.
  }
  if (keeper) await endKeeperProcess(keeper);
  await endLeftovers(directory, GRACE);
  for (const name of ['keeper.sock', 'keeper.lock']) rmSync(join(directory, name), { force: true });
}

async function endKeeperProcess(keeper: ProcessIdentity): Promise<void> {
  // It says good-bye an instant before it ends.
  for (let i = 0; i < 100 && isAlive(keeper); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await endProcesses([keeper], 0);
}

/** Asks one question. Nothing when nobody is there; without a `limit` (milliseconds) it waits as long as there is somebody. */
async function ask(directory: string, request: KeeperRequest, limit?: number): Promise<KeeperReply | undefined> {
  const { path, release } = socketPath(keeperSocket(directory));
  const socket = createConnection(path);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<KeeperReply | undefined>((resolve, reject) => {
      if (limit !== undefined) {
        timer = setTimeout(
          () => reject(new ProcessError('keeper-silent', `the keeper in ${directory} does not answer`, 'Run `bottle down`.')),
          limit,
        );
      }
      socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
      onLines(socket, (reply) => resolve(reply as KeeperReply | undefined));
      socket.once('close', () => resolve(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== undefined && ABSENT.has(error.code)) resolve(undefined);
        else reject(error);
      });
    });
  } finally {
    clearTimeout(timer);
    socket.destroy();
    release();
  }
}

/** No socket; nobody behind it; it died while it was being talked to. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTDIR']);

/** What the stream gives first; empty when it ends, or nothing comes in time. */
async function firstChunk(stream: Readable): Promise<string> {
  const timer = setTimeout(() => stream.destroy(), START_LIMIT);
  try {
    for await (const chunk of stream) return String(chunk);
    return '';
  } catch (error) {
    // Destroyed by the timer.
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return '';
    throw error;
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}

const MARKS: ReadonlySet<string> = new Set(['NETBOTTLE', 'NETBOTTLE_MACHINE', 'NETBOTTLE_PROCESS', 'NETBOTTLE_DIRECTORY']);

/** A keeper started by a process of another bottle is not one of that bottle's processes. */
function withoutMarks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !MARKS.has(name)));
}
