import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Process } from '../../resource/process.ts';
import { identify, type ProcessIdentity } from './identity.ts';
import { type KeptState, type KeptStatus, logPath } from './keeper-protocol.ts';
import { type LogFile, lastLines, openLog } from './log-file.ts';
import { ProcessError } from './process-error.ts';
import { baseEnvironment, invocation, marksOf, setUp, type View } from './view.ts';

/** A process that ends with an error in this time after its start did not start. Milliseconds. */
const EARLY = 300;
/** Pause before a restart: this, and twice as long each time. Milliseconds. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;
/** After running for so long the pause is short again. Milliseconds. */
const STEADY = 10_000;
const NOT_FOUND = 127;
const LOG_LINES = 10;

/** Where a bottle's processes belong. */
export interface Surroundings {
  readonly bottle: string;
  /** State directory of the bottle. */
  readonly directory: string;
  namespacePath(namespace: string): string;
  /** Called when a process started or ended. */
  changed(): void;
  /** Ends what a process that has ended left behind. */
  clear(supervised: Supervised): Promise<void>;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that is watched, and started again as its resource wants it. */
export class Supervised {
  readonly resource: Process;
  readonly log: LogFile;
  /** The process that was started last; it leads a session of its own, whose number is its pid. */
  leader: ProcessIdentity | undefined;
  /** Inode of the network namespace that it was started in. */
  namespace: number | undefined;
  readonly #surroundings: Surroundings;
  #state: KeptState = 'running';
  #since = Date.now();
  #restarts = 0;
  #pause = FIRST_PAUSE;
  #lastExit: Exit | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Ends when the process has ended and that is noted; and so for a restart under way. */
  #exit: Promise<unknown> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();
  #stopping = false;
  #starting = false;
  /** Where in the log its own words begin: before them are those of earlier ones of the same name. */
  readonly #words: number;

  constructor(resource: Process, surroundings: Surroundings) {
    this.resource = resource;
    this.#surroundings = surroundings;
    this.log = openLog(logPath(surroundings.directory, resource.machine, resource.name));
    this.#words = this.log.size();
  }

  get state(): KeptState {
    return this.#state;
  }

  get status(): KeptStatus {
    return {
      resource: this.resource,
      state: this.#state,
      since: this.#since,
      ...(this.#state === 'running' && this.leader ? { pid: this.leader.pid } : {}),
      restarts: this.#restarts,
      ...(this.#lastExit ? { lastExit: this.#lastExit } : {}),
    };
  }

  /** What its processes carry in their environment. */
  get marks(): Readonly<Record<string, string>> {
    const { machine, name } = this.resource;
    const { bottle, directory: stateDirectory } = this.#surroundings;
    return { ...marksOf({ bottle, machine, stateDirectory }), NETBOTTLE_PROCESS: `${machine}/${name}` };
  }

  /**
   * Starts it, and is back when it has run for a moment, or ended well.
   * @throws ProcessError when it could not be started or ended with an error at once; it is not started again then.
   */
  async start(): Promise<void> {
    this.#starting = true;
    try {
      const { ended } = await this.#launch();
      const exit = await Promise.race([ended, sleep(EARLY, undefined)]);
      if (exit && exit.code !== 0) throw this.#earlyDeath(exit);
    } catch (error) {
      this.#stopping = true;
      throw error;
    } finally {
      this.#starting = false;
    }
    if (this.#state !== 'running') this.#considerRestart();
  }

  /** No restart from here on. Ending the process is the keeper's part, which ends many at once. */
  release(): void {
    this.#stopping = true;
    clearTimeout(this.#timer);
  }

  /** After its processes were ended: back when all is noted, and the log is closed. */
  async close(): Promise<void> {
    await this.#restarting;
    await this.#exit;
    this.log.close();
  }

  /** Back when the command itself runs, or has ended already. */
  async #launch(): Promise<{ readonly ended: Promise<Exit> }> {
    const view = this.#view();
    if (!existsSync(view.namespacePath)) throw new ProcessError('no-namespace', `${view.machine} has no namespace`);
    const { file, args, environment } = invocation(view);
    const child = spawn(file, args, {
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', this.log.descriptor, this.log.descriptor, 'pipe'],
    });
    const exited = endOf(child);
    if (child.pid === undefined) {
      await exited.catch((error: unknown) => {
        throw new ProcessError('process-view', `${file} cannot be run: ${String(error)}`, 'Install util-linux.');
      });
    }
    this.leader = identify(child.pid ?? 0);
    this.namespace = statSync(view.namespacePath).ino;
    this.#enter('running');
    const ended = exited.then((exit) => this.#ended(exit));
    this.#exit = ended;
    const { made, notes } = await setUp(child.stdio[3] as Readable);
    for (const note of notes) this.log.note(note);
    if (!made) {
      await ended;
      const reasons = notes.length > 0 ? notes : this.lastWords.slice(-1);
      throw new ProcessError('process-view', `${this.#name} cannot be started: ${reasons.join('; ')}`);
    }
    this.log.note(`started as process ${child.pid ?? '?'}`);
    return { ended };
  }

  #ended(exit: Exit): Exit {
    this.#lastExit = exit;
    const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
    this.log.note(`ended ${how}`);
    if (Date.now() - this.#since >= STEADY) this.#pause = FIRST_PAUSE;
    this.#enter(exit.code === 0 ? 'exited' : 'failed');
    if (!this.#starting) this.#considerRestart();
    return exit;
  }

  #considerRestart(): void {
    const { restart } = this.resource;
    if (this.#stopping || this.#timer || restart === 'never' || (restart === 'on-failure' && this.#state === 'exited')) return;
    this.#enter('restarting');
    this.#timer = setTimeout(() => {
      this.#restarting = this.#restart();
    }, this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  async #restart(): Promise<void> {
    this.#timer = undefined;
    try {
      // Children of the one before may hold its port.
      await this.#surroundings.clear(this);
      if (this.#stopping) return;
      this.#restarts += 1;
      await this.#launch();
    } catch (error) {
      this.log.note(String(error));
      this.#enter('failed');
      this.#considerRestart();
    }
  }

  #enter(state: KeptState): void {
    this.#state = state;
    this.#since = Date.now();
    this.#surroundings.changed();
  }

  #earlyDeath(exit: Exit): ProcessError {
    const { command } = this.resource;
    const program = command[0] === '/bin/sh' && command[1] === '-c' ? (command[2] ?? '') : (command[0] ?? '');
    if (exit.code === NOT_FOUND) {
      return new ProcessError(
        'program-not-found',
        `${this.#name} cannot be started: a program is not found: ${program}`,
        'Install it, or write its whole path.',
      );
    }
    const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
    return new ProcessError('process-died', `${this.#name} ended ${how} right after its start`, `Its log: ${this.log.path}`);
  }

  get #name(): string {
    return `${this.resource.machine}/${this.resource.name}`;
  }

  /** The last that it wrote, and nothing of an earlier process of the same name. */
  get lastWords(): readonly string[] {
    return lastLines(this.log.path, LOG_LINES, this.#words);
  }

  #view(): View {
    const { resource } = this;
    const { bottle, directory: stateDirectory } = this.#surroundings;
    return {
      namespacePath: this.#surroundings.namespacePath(resource.namespace),
      machine: resource.machine,
      bottle,
      stateDirectory,
      hosts: join(stateDirectory, resource.hosts),
      resolver: join(stateDirectory, resource.resolver),
      mounts: (resource.mounts ?? []).map(({ from, at }) => ({ from: `${stateDirectory}/${from}`, at })),
      directory: resource.directory,
      command: resource.command,
      environment: { ...baseEnvironment(process.env), ...resource.environment, ...this.marks },
    };
  }
}

async function endOf(child: ChildProcess): Promise<Exit> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}
