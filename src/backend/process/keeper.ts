import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Listener } from '../../resource/listener.ts';
import { type Home, namespacePath } from '../home.ts';
import { endAllOf } from './ending.ts';
import type { ProcessIdentity } from './identity.ts';
import { type KeeperAction, type KeeperResult, type KeeperStatus, type Kept, type KeptStatus, keyOf } from './keeper-protocol.ts';
import { recordKeeper } from './keeper-record.ts';
import { type Service, serve } from './listener-service.ts';
import { namespaceInode, processesMarked, processesOfSessions } from './living.ts';
import { ProcessError } from './process-error.ts';
import { Supervised, type Surroundings } from './supervised.ts';

/** Time between SIGTERM and SIGKILL. Milliseconds. */
const GRACE = 2000;
/** How often the size of logs is looked at. Milliseconds. */
const LOG_INTERVAL = 1000;

interface Served {
  readonly resource: Listener;
  readonly service: Service;
  readonly since: number;
}

/** Looks after the processes and listeners of one bottle. */
export class Keeper {
  readonly #directory: string;
  readonly #since = Date.now();
  readonly #processes = new Map<string, Supervised>();
  readonly #listeners = new Map<string, Served>();
  readonly #surroundings: Surroundings;
  readonly #logTimer: NodeJS.Timeout;
  #recording: NodeJS.Immediate | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
    const home: Home = { root: dirname(directory) };
    const bottle = basename(directory);
    this.#surroundings = {
      bottle,
      directory,
      namespacePath: (namespace) => namespacePath(home, bottle, namespace),
      changed: () => this.#recordSoon(),
      clear: async (supervised) => await this.#end([supervised]),
    };
    this.#record();
    this.#logTimer = setInterval(() => this.#processes.forEach((supervised) => void supervised.log.rotate()), LOG_INTERVAL);
  }

  status(): KeeperStatus {
    const listeners = [...this.#listeners.values()].map(
      ({ resource, since }): KeptStatus => ({ resource, state: 'running', since, restarts: 0 }),
    );
    return {
      pid: process.pid,
      since: this.#since,
      resources: [...[...this.#processes.values()].map(({ status }) => status), ...listeners],
    };
  }

  /**
   * Carries out one list after the other. What is asked for the same thing is done in order; what is asked for
   * different ones is done together, for each may take a moment, with stops first, for they make room.
   */
  async apply(actions: readonly KeeperAction[]): Promise<readonly KeeperResult[]> {
    return await this.#inTurn(async () => {
      const results = new Map<KeeperAction, KeeperResult>();
      for (const round of rounds(actions)) {
        const stops = round.filter(({ action }) => action === 'stop');
        const starts = round.filter(({ action }) => action === 'start');
        const stopped = await this.#stop(stops.map(({ resource }) => resource));
        stops.forEach((action, i) => void results.set(action, stopped[i] ?? { ok: true }));
        await Promise.all(starts.map(async (action) => void results.set(action, await this.#start(action.resource))));
      }
      return actions.map((action) => results.get(action) ?? { ok: true });
    });
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      clearInterval(this.#logTimer);
      await this.#stop(this.status().resources.map(({ resource }) => resource));
    });
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act, act);
    this.#last = turn;
    return await turn;
  }

  async #start(resource: Kept): Promise<KeeperResult> {
    const key = keyOf(resource);
    const there = this.#processes.get(key) ?? this.#listeners.get(key);
    if (there && !(there instanceof Supervised && (there.state === 'exited' || there.state === 'failed'))) {
      if (sameKept(there.resource, resource)) return { ok: true };
      return failure(new ProcessError('already-running', `${key} is there already, and differs; it has to be stopped first`));
    }
    return resource.kind === 'process' ? await this.#startProcess(key, resource) : await this.#startListener(key, resource);
  }

  async #startProcess(key: string, resource: Kept & { kind: 'process' }): Promise<KeeperResult> {
    const before = this.#processes.get(key);
    if (before) await this.#stop([before.resource]);
    const supervised = new Supervised(resource, this.#surroundings);
    this.#processes.set(key, supervised);
    try {
      await supervised.start();
      return { ok: true };
    } catch (error) {
      const log = supervised.lastWords;
      await this.#stop([resource]);
      return failure(error, log);
    }
  }

  async #startListener(key: string, resource: Listener): Promise<KeeperResult> {
    const path = this.#surroundings.namespacePath(resource.namespace);
    try {
      if (!existsSync(path)) throw new ProcessError('no-namespace', `${resource.machine} has no namespace`);
      this.#listeners.set(key, { resource, service: await serve(resource, path), since: Date.now() });
      return { ok: true };
    } catch (error) {
      return failure(error);
    }
  }

  async #stop(resources: readonly Kept[]): Promise<readonly KeeperResult[]> {
    const ending = [...new Set(resources.flatMap((resource) => this.#processes.get(keyOf(resource)) ?? []))];
    try {
      for (const supervised of ending) supervised.release();
      await this.#end(ending);
      for (const supervised of ending) {
        this.#processes.delete(keyOf(supervised.resource));
        await supervised.close();
      }
      await Promise.all(resources.map(async (resource) => await this.#closeListener(keyOf(resource))));
      this.#record();
      return resources.map(() => ({ ok: true }));
    } catch (error) {
      return resources.map(() => failure(error));
    }
  }

  async #closeListener(key: string): Promise<void> {
    const served = this.#listeners.get(key);
    this.#listeners.delete(key);
    await served?.service.close();
  }

  /** Ends processes with all that came of them: their sessions, and daemons that left those but carry the mark. */
  async #end(ending: readonly Supervised[]): Promise<void> {
    if (ending.length === 0) return;
    const sessions = new Set(ending.flatMap(({ leader }) => (leader ? [leader.pid] : [])));
    const namespaces = new Set<number | undefined>(ending.flatMap(({ namespace }) => namespace ?? []));
    const marks = ending.map(({ marks }) => Object.entries(marks).map(([name, value]) => `${name}=${value}`));
    const find = (): readonly ProcessIdentity[] => {
      // The number of a leader that is dead may be another session's by now, but hardly one in the same machine.
      const ofSessions = processesOfSessions(sessions).filter(
        ({ pid, startTime }) => isLeader(ending, pid, startTime) || namespaces.has(namespaceInode(pid)),
      );
      return unique([...ofSessions, ...processesMarked(marks)]);
    };
    await endAllOf(find, GRACE);
  }

  /** Many changes at once are noted together; what is killed before is found by its mark. */
  #recordSoon(): void {
    this.#recording ??= setImmediate(() => this.#record());
  }

  #record(): void {
    clearImmediate(this.#recording);
    this.#recording = undefined;
    // Without its directory the bottle is gone, and there will be no next keeper.
    if (!existsSync(this.#directory)) return;
    recordKeeper(
      this.#directory,
      [...this.#processes.values()].map(({ resource, leader }) => ({ resource, ...(leader === undefined ? {} : { leader }) })),
    );
  }
}

const isLeader = (ending: readonly Supervised[], pid: number, startTime: number): boolean =>
  ending.some(({ leader }) => leader?.pid === pid && leader.startTime === startTime);

const unique = (identities: readonly ProcessIdentity[]): readonly ProcessIdentity[] => [
  ...new Map(identities.map((identity) => [identity.pid, identity])).values(),
];

/** Whether two descriptions ask for the same, wherever in the file they stand. */
function sameKept(one: Kept, other: Kept): boolean {
  const plain = (kept: Kept): string => JSON.stringify({ ...kept, origin: [] }, (_key, value: unknown) => sorted(value));
  return plain(one) === plain(other);
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The first action of each thing, then the second of each, and so on. */
function rounds(actions: readonly KeeperAction[]): readonly (readonly KeeperAction[])[] {
  const found: KeeperAction[][] = [];
  const count = new Map<string, number>();
  for (const action of actions) {
    const key = keyOf(action.resource);
    const turn = count.get(key) ?? 0;
    count.set(key, turn + 1);
    const round = found[turn];
    if (round) round.push(action);
    else found.push([action]);
  }
  return found;
}

function failure(error: unknown, log: readonly string[] = []): KeeperResult {
  const { code, remedy } = error instanceof ProcessError ? error : { code: 'process-died' as const, remedy: undefined };
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, error: { code, message, ...(remedy === undefined ? {} : { remedy }), ...(log.length > 0 ? { log } : {}) } };
}
