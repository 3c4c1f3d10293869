/** What is said on a keeper's socket: one JSON object a line, an answer for each question, in order. */
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Listener } from '../../resource/listener.ts';
import type { Process } from '../../resource/process.ts';
import type { ProcessErrorCode } from './process-error.ts';

export type Kept = Process | Listener;

export interface KeeperAction {
  /** `start` of what runs already and `stop` of what does not are done as they stand. */
  readonly action: 'start' | 'stop';
  readonly resource: Kept;
}

export type KeeperRequest =
  | { readonly request: 'apply'; readonly actions: readonly KeeperAction[] }
  | { readonly request: 'status' }
  | { readonly request: 'shutdown' };

interface KeeperFailure {
  readonly code: ProcessErrorCode;
  readonly message: string;
  readonly remedy?: string;
  /** The last lines that the process wrote. */
  readonly log?: readonly string[];
}

export type KeeperResult = { readonly ok: true } | { readonly ok: false; readonly error: KeeperFailure };

/**
 * `exited`: with code 0, and not to be started again. `failed`: otherwise, and not to be started again.
 * `restarting`: it has ended and waits to be started again.
 */
export type KeptState = 'running' | 'exited' | 'failed' | 'restarting';

export interface KeptStatus {
  readonly resource: Kept;
  readonly state: KeptState;
  /** Milliseconds since 1970 of the change to this state. */
  readonly since: number;
  /** Of a process that runs. */
  readonly pid?: number;
  readonly restarts: number;
  /** How a process ended the last time. */
  readonly lastExit?: { readonly code: number | null; readonly signal: string | null };
}

export interface KeeperStatus {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly resources: readonly KeptStatus[];
}

export type KeeperReply =
  | { readonly reply: 'results'; readonly results: readonly KeeperResult[] }
  | { readonly reply: 'status'; readonly status: KeeperStatus }
  | { readonly reply: 'gone' }
  | { readonly reply: 'not-understood'; readonly message: string };

/** `process web/app`, `listener web tcp/80`: unique in a bottle. */
export const keyOf = (resource: Kept): string =>
  resource.kind === 'process'
    ? `process ${resource.machine}/${resource.name}`
    : `listener ${resource.machine} ${resource.protocol}/${resource.port}`;

/** Where a process's output is. `bottle logs` reads it. */
export const logPath = (directory: string, machine: string, process: string): string =>
  join(directory, 'logs', `${machine}.${process}.log`);
export const keeperLogPath = (directory: string): string => join(directory, 'logs', 'keeper.log');

/** Environment variable with the number of the descriptor on which a starting keeper says that it answers. */
export const READY_VARIABLE = 'NETBOTTLE_READY';

/** The keeper's socket. */
export const keeperSocket = (directory: string): string => join(directory, 'keeper.sock');

/** Calls `take` with each line that comes, as the object that it stands for. */
export function onLines(socket: Socket, take: (message: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') take(parse(line));
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The one who takes it says that it is not understood.
    return undefined;
  }
}
