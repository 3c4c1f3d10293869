import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bottleDirectory, type Home, namespaceDirectory, namespacePath } from '../backend/home.ts';
import type { Ended } from '../backend/process/follow.ts';
import { readKeeper } from '../backend/process/keeper-client.ts';
import type { KeptStatus } from '../backend/process/keeper-protocol.ts';
import { runInMachine } from '../backend/process/run.ts';
import { frrMounts } from '../compile/frr/daemons.ts';
import { namespaceOf } from '../compile/placement.ts';
import { HOSTS_FILE, resolverPath } from '../compile/service.ts';
import { suggest } from '../diagnostic/suggest.ts';
import type { Network, Node } from '../network/network.ts';
import { resolve } from '../network/resolve.ts';
import { isLearning } from '../network/routing/learned-routes.ts';
import { EngineError } from './error.ts';
import { bottlesIn, type Journal, readJournal, readState, type State } from './state.ts';

/** A bottle that is up, from the notes of the `up` that raised it. */
export interface Running {
  readonly state: State;
  readonly network: Network;
}

/** @throws EngineError `not-running` */
export function running(home: Home, bottle: string): Running {
  const state = readState(home, bottle);
  const { network } = state === undefined ? { network: undefined } : resolve(state.file, { directory: dirname(state.source) });
  if (state === undefined || network === undefined) throw notRunning(home, bottle);
  return { state, network };
}

function notRunning(home: Home, bottle: string): EngineError {
  if (notesOf(home, bottle)?.journal !== undefined) {
    return new EngineError('not-running', `${bottle} is half made or half gone: a command on it was killed`, {
      remedy: '`bottle up FILE` finishes it, `bottle down` removes it.',
    });
  }
  const others = bottlesIn(home).filter((other) => other !== bottle);
  const meant = suggest(bottle, others);
  const remedy = others.length === 0 ? 'No bottle is running; `bottle up` raises one.' : `Running: ${others.join(', ')}.`;
  return new EngineError('not-running', `there is no bottle ${bottle}${meant === undefined ? '' : `; did you mean ${meant}?`}`, { remedy });
}

export interface Listed {
  readonly bottle: string;
  /** `damaged`: its notes cannot be read; `bottle down` removes it nevertheless. */
  readonly state: 'up' | 'interrupted' | 'damaged';
  readonly source: string;
  /** Names of its nodes that are stopped. */
  readonly stopped: readonly string[];
  /** Names of the cables that a command has impaired, or rid of an impairment. */
  readonly impaired: readonly string[];
  /** Names of the cables that are pulled out. */
  readonly pulled: readonly string[];
  /** ISO 8601; empty where no notes are left. */
  readonly since: string;
  readonly namespaces: number;
  readonly processes: readonly KeptStatus[];
}

/** By the files that they are mounted on: an ordinary user does not see the mounts from outside. */
function countNamespaces(home: Home, bottle: string): number {
  const directory = namespaceDirectory(home, bottle);
  return existsSync(directory) ? readdirSync(directory).length : 0;
}

/** `host/lan`, as commands take it. */
const asWritten = (cable: string): string => cable.replace(/^@/, '');

export async function list(home: Home): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (const bottle of bottlesIn(home)) {
    const [notes, keeper] = [notesOf(home, bottle), await readKeeper(home, bottle)];
    const { state, journal } = notes ?? {};
    found.push({
      bottle,
      state: notes === undefined ? 'damaged' : journal === undefined && state !== undefined ? 'up' : 'interrupted',
      source: state?.source ?? '',
      stopped: state?.stopped ?? [],
      impaired: Object.keys(state?.impaired ?? {}).map(asWritten),
      pulled: (state?.pulled ?? []).map(asWritten),
      since: state?.since ?? '',
      namespaces: countNamespaces(home, bottle),
      processes: keeper?.resources ?? [],
    });
  }
  return found;
}

/** What has a name in a bottle that is up. */
interface Named {
  readonly bottle: string;
  readonly source: string;
  /** Machines, routers and bridges. */
  readonly machines: readonly string[];
  /** Networks and links. */
  readonly segments: readonly string[];
  readonly switches: readonly string[];
}

/** Everything with a name in the bottles that are up, quickly: from their notes alone. */
export function namesIn(home: Home): readonly Named[] {
  return bottlesIn(home).flatMap((bottle) => {
    const state = notesOf(home, bottle)?.state;
    if (state === undefined) return [];
    const { machines, routers, bridges, networks, links, switches } = state.file;
    const keys = (...parts: readonly (object | undefined)[]): readonly string[] => parts.flatMap((part) => Object.keys(part ?? {}));
    return [
      {
        bottle,
        source: state.source,
        machines: keys(machines, routers, bridges),
        segments: keys(networks, links),
        switches: keys(switches),
      },
    ];
  });
}

/** Undefined where they are damaged: one bottle's do not keep the others from being listed. */
function notesOf(home: Home, bottle: string): { readonly state: State | undefined; readonly journal: Journal | undefined } | undefined {
  try {
    return { state: readState(home, bottle), journal: readJournal(home, bottle) };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'state-unreadable') return undefined;
    throw error;
  }
}

/** @throws EngineError `no-machine` */
export function nodeOf(network: Network, name: string): Node {
  const node = network.nodes.find((one) => one.name === name);
  if (node !== undefined) return node;
  const names = network.nodes.map((one) => one.name);
  const meant = suggest(name, names);
  throw new EngineError('no-machine', `${network.name} has no machine ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
    remedy: `Its machines: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
  });
}

/**
 * Runs a command inside of a machine, with its view of names and the caller's terminal.
 * @throws EngineError `no-machine`, `machine-stopped`
 */
export function execute(
  home: Home,
  { network, state }: Running,
  machine: string,
  command: readonly string[],
  tty: boolean,
): Promise<Ended> {
  const node = nodeOf(network, machine);
  if (state.stopped?.includes(machine) === true)
    throw new EngineError('machine-stopped', `${machine} is stopped`, {
      remedy: `Start it again: \`bottle start -b ${network.name} ${machine}\`.`,
    });
  const stateDirectory = bottleDirectory(home, network.name);
  return runInMachine({
    namespacePath: namespacePath(home, network.name, namespaceOf(network.name, node.name)),
    machine,
    bottle: network.name,
    stateDirectory,
    hosts: join(stateDirectory, HOSTS_FILE),
    resolver: join(stateDirectory, resolverPath(node.name)),
    mounts: !isLearning(node) ? [] : frrMounts(node.name).map(({ from, at }) => ({ from: join(stateDirectory, from), at })),
    directory: process.cwd(),
    command,
    tty,
  });
}
