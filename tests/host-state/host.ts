import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { HostState } from './snapshot.ts';

/** A command that has ended. */
export interface Finished {
  /** Its exit code, or 128 and the signal's number. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Added to the environment of this process; `undefined` takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Who runs it; root unless given. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface RunOptions extends CommandOptions {
  /** Standard input; empty unless given. */
  readonly input?: string;
  /** Milliseconds after which it is killed; 60,000 unless given. */
  readonly timeout?: number;
}

/** What a private host is joined with the world by. */
export interface Uplink {
  readonly device: string;
  /** Of the private host. The default routes of both families lead to `gateway` and `gateway6`. */
  readonly address: string;
  readonly address6: string;
  readonly gateway: string;
  readonly gateway6: string;
  /** Addresses behind the gateway, as anything in the Internet would be. */
  readonly beyond: string;
  readonly beyond6: string;
}

/**
 * Network, mount and process namespaces that play a whole host, so that tests neither see nor disturb each other.
 * It has a `/run`, `/tmp` and `/etc` of its own (`/etc` is a copy), and all that runs in it ends with it.
 */
export interface PrivateHost {
  /** Of its first process, as seen from outside. */
  readonly pid: number;
  /** A directory in `/tmp` that has the same path inside and outside. */
  readonly directory: string;
  /** Starts a command in it and waits. It does not throw for an exit code. */
  run(command: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Starts a command in it. SIGKILL to the returned process kills the command, and not what that has started. */
  start(command: readonly string[], options?: CommandOptions & Pick<SpawnOptions, 'stdio'>): ChildProcess;
  /** What it holds, to be compared with `differences`. */
  state(): Promise<HostState>;
  end(): Promise<void>;
}

/** A private host with a network around it, which is another private host: its router, and all that lies behind that. */
export interface ConnectedHost extends PrivateHost {
  readonly uplink: Uplink;
  readonly lan: PrivateHost;
}
