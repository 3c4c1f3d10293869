import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { flock, LOCK_EX, LOCK_NB } from '../kernel/libc.ts';
import { SystemError } from '../kernel/system-error.ts';
import { socketPath } from '../socket-path.ts';
import { Keeper } from './keeper.ts';
import { type KeeperReply, type KeeperRequest, keeperLogPath, keeperSocket, onLines, READY_VARIABLE } from './keeper-protocol.ts';
import { endLeftovers, forgetKeeper } from './keeper-record.ts';

/** Time that the processes of a keeper that was killed get to end. Milliseconds. */
const LEFTOVER_GRACE = 2000;

/**
 * The keeper's own process: serves its socket until it is told to shut down, or gets SIGTERM, and ends everything before it ends.
 *
 * `directory` is the bottle's state directory. A second keeper of the same bottle ends at once.
 */
export async function runKeeper(directory: string): Promise<void> {
  // What ps shows.
  process.title = `netbottle keeper ${basename(directory)}`;
  const ready = takeReadyDescriptor();
  mkdirSync(join(directory, 'logs'), { recursive: true, mode: 0o700 });
  const log = (text: string): void => appendFileSync(keeperLogPath(directory), `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
  const lockPath = join(directory, 'keeper.lock');
  if (!lock(lockPath)) {
    log(`process ${process.pid}: there is a keeper already`);
    return;
  }
  await endLeftovers(directory, LEFTOVER_GRACE);

  const keeper = new Keeper(directory);
  const { path, release } = socketPath(keeperSocket(directory));
  const { server, stopped } = keeperServer(keeper);
  await listenPrivately(server, path);
  log(`process ${process.pid}: ready`);
  tellReady(ready);

  await stopped;
  server.close();
  rmSync(path, { force: true });
  release();
  forgetKeeper(directory);
  rmSync(lockPath, { force: true });
  log(`process ${process.pid}: done`);
}

/** The server, and what resolves when everything was ended on somebody's word. */
function keeperServer(keeper: Keeper): { readonly server: Server; readonly stopped: Promise<void> } {
  const open = new Set<Socket>();
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // Who asked is gone. What was asked for is done nevertheless.
    socket.on('error', () => socket.destroy());
    let turn = Promise.resolve();
    onLines(socket, (message) => {
      turn = turn.then(async () => {
        const reply = await answer(keeper, message as KeeperRequest | undefined);
        if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
        if (reply.reply !== 'gone') return;
        stop();
        open.forEach((each) => void each.end());
      });
    });
  });
  // Neither a terminal nor a session that ends takes the keeper with it.
  for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined);
  process.once('SIGTERM', () => {
    void keeper.close().then(() => {
      stop();
      open.forEach((each) => void each.destroy());
    });
  });
  return { server, stopped };
}

async function answer(keeper: Keeper, message: KeeperRequest | undefined): Promise<KeeperReply> {
  switch (message?.request) {
    case 'apply':
      return { reply: 'results', results: await keeper.apply(message.actions) };
    case 'status':
      return { reply: 'status', status: keeper.status() };
    case 'shutdown':
      await keeper.close();
      return { reply: 'gone' };
    default:
      return { reply: 'not-understood', message: 'not a request that this keeper knows; it may be of another version' };
  }
}

/** One keeper a bottle. The kernel takes the lock back whatever way it ends. */
function lock(path: string): boolean {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    flock(descriptor, LOCK_EX | LOCK_NB, path);
    return true;
  } catch (error) {
    closeSync(descriptor);
    if (error instanceof SystemError && error.code === 'EAGAIN') return false;
    throw error;
  }
}

async function listenPrivately(server: Server, path: string): Promise<void> {
  // With the lock held, a socket that is there is a dead keeper's.
  rmSync(path, { force: true });
  const mask = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
  await once(server, 'listening');
}

function takeReadyDescriptor(): number | undefined {
  const text = process.env[READY_VARIABLE];
  delete process.env[READY_VARIABLE];
  return text === undefined ? undefined : Number(text);
}

function tellReady(descriptor: number | undefined): void {
  if (descriptor === undefined) return;
  try {
    writeSync(descriptor, 'ready\n');
  } catch (error) {
    // Whoever started it was killed meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    closeSync(descriptor);
  }
}
