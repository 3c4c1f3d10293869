import { filesBackend } from '../backend/files/backend.ts';
import type { Home } from '../backend/home.ts';
import { kernelBackend } from '../backend/kernel/backend.ts';
import { nftablesBackend } from '../backend/nftables/backend.ts';
import { ovsBackend } from '../backend/ovs/backend.ts';
import { processBackend } from '../backend/process/backend.ts';
import { endProcessesIn } from '../backend/process/ending.ts';
import type { Fault, Progress } from '../plan/apply.ts';
import type { Backend } from '../plan/backend.ts';
import type { Plan } from '../plan/plan.ts';

/** What a use case tells while it works. The engine prints nothing itself. */
export type EngineEvent =
  | { readonly kind: 'phase'; readonly phase: 'reading' | 'planning' | 'undoing' | 'recovering' | 'measuring'; readonly bottle: string }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** For what it waits. */
  | { readonly kind: 'waiting'; readonly bottle: string; readonly message: string }
  | { readonly kind: 'note'; readonly message: string }
  | { readonly kind: 'warning'; readonly message: string };

/** The world as the use cases see it, handed in by whoever calls them. */
export interface Context {
  readonly home: Home;
  readonly backends: readonly Backend[];
  readonly report: (event: EngineEvent) => void;
  /** Asked before something that runs is interrupted. */
  readonly agree: (plan: Plan) => Promise<boolean>;
  /** Ends the work at the next safe place. */
  readonly signal: AbortSignal;
  readonly fault?: Fault;
}

/** Milliseconds that a process has between SIGTERM and SIGKILL when its machine goes. */
const GRACE = 2000;

/** `argv0` starts Netbottle itself. */
export function backendsFor(home: Home, argv0: readonly string[]): readonly Backend[] {
  const endInhabitants = async (inodes: ReadonlySet<number>): Promise<void> => void (await endProcessesIn(inodes, GRACE));
  return [kernelBackend(home, endInhabitants), nftablesBackend(home), ovsBackend(home), filesBackend(home), processBackend(home, argv0)];
}
