/** A bottle made by hand, without the rest of Netbottle: namespaces, state files, and nothing left of it afterwards. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bottleDirectory, type Home, namespaceDirectory, namespacePath } from '../../src/backend/home.ts';
import { MNT_DETACH, MS_BIND, mount, umount } from '../../src/backend/kernel/libc.ts';
import { withinNew } from '../../src/backend/kernel/namespace.ts';
import { endProcessesIn } from '../../src/backend/process/ending.ts';
import { applyToKeeper, endKeeper, readKeeper, startKeeper } from '../../src/backend/process/keeper-client.ts';
import type { KeeperResult, KeeperStatus, Kept, KeptStatus } from '../../src/backend/process/keeper-protocol.ts';
import type { Listener } from '../../src/resource/listener.ts';
import type { Process } from '../../src/resource/process.ts';

const ENTRY = join(import.meta.dirname, 'keeper-entry.ts');
/** Lets Node run the sources. */
export const REGISTER = join(import.meta.dirname, '../../node_modules/jiti/lib/jiti-register.mjs');
/** A keeper from the sources, without a build. */
const KEEPER = [process.execPath, '--import', REGISTER, ENTRY];

export class TestBottle {
  readonly home: Home;
  readonly name = 'corp';
  readonly directory: string;

  constructor(...machines: readonly string[]) {
    this.home = { root: mkdtempSync(join(tmpdir(), 'netbottle-test-')) };
    this.directory = bottleDirectory(this.home, this.name);
    const namespaces = namespaceDirectory(this.home, this.name);
    mkdirSync(namespaces, { recursive: true });
    mount(namespaces, namespaces, MS_BIND);
    writeFileSync(join(this.directory, 'hosts'), '127.0.0.1 localhost\n203.0.113.7 elsewhere.example\n');
    writeFileSync(join(this.directory, 'resolv'), 'nameserver 203.0.113.53\n');
    for (const machine of machines) {
      withinNew(this.namespace(machine), () => undefined);
      this.ip(machine, 'link set lo up');
    }
  }

  namespace(machine: string): string {
    return namespacePath(this.home, this.name, `corp.${machine}`);
  }

  inode(machine: string): number {
    return statSync(this.namespace(machine)).ino;
  }

  /** Runs ip(8) in a machine. */
  ip(machine: string, line: string): void {
    this.in(machine, ['ip', ...line.split(' ')]);
  }

  /** Runs a program in a machine's network namespace only, and returns what it writes. */
  in(machine: string, command: readonly string[]): string {
    return execFileSync('nsenter', [`--net=${this.namespace(machine)}`, '--', ...command], { encoding: 'utf8', timeout: 20_000 });
  }

  process(machine: string, name: string, line: string, more: Partial<Process> = {}): Process {
    return {
      kind: 'process',
      origin: [],
      machine,
      namespace: `corp.${machine}`,
      name,
      command: ['/bin/sh', '-c', line],
      environment: {},
      directory: '/',
      restart: 'never',
      hosts: 'hosts',
      resolver: 'resolv',
      ...more,
    };
  }

  listener(machine: string, protocol: 'tcp' | 'udp', port: number, responder: Listener['responder']): Listener {
    return { kind: 'listener', origin: [], machine, namespace: `corp.${machine}`, protocol, port, responder };
  }

  async keeper(): Promise<KeeperStatus> {
    await startKeeper(this.home, this.name, KEEPER);
    const status = await this.status();
    return status;
  }

  async status(): Promise<KeeperStatus> {
    const status = await readKeeper(this.home, this.name);
    if (!status) throw new Error('there is no keeper');
    return status;
  }

  async start(...resources: readonly Kept[]): Promise<readonly KeeperResult[]> {
    return await applyToKeeper(
      this.home,
      this.name,
      resources.map((resource) => ({ action: 'start', resource })),
    );
  }

  async stop(...resources: readonly Kept[]): Promise<readonly KeeperResult[]> {
    return await applyToKeeper(
      this.home,
      this.name,
      resources.map((resource) => ({ action: 'stop', resource })),
    );
  }

  /** The state of what the keeper has, once it is as wanted. */
  async until(wanted: (status: readonly KeptStatus[]) => boolean): Promise<readonly KeptStatus[]> {
    return await eventually(async () => {
      const { resources } = await this.status();
      return wanted(resources) ? resources : undefined;
    });
  }

  async remove(): Promise<void> {
    await endKeeper(this.home, this.name);
    const namespaces = namespaceDirectory(this.home, this.name);
    umount(namespaces, MNT_DETACH);
    rmSync(this.home.root, { recursive: true });
  }

  /** Ends what the test itself started in its machines. */
  async endAll(...machines: readonly string[]): Promise<void> {
    await endProcessesIn(new Set(machines.map((machine) => this.inode(machine))), 0);
  }
}

/** Asks again and again, for at most twenty seconds, until there is an answer. */
export async function eventually<T>(ask: () => T | false | undefined | Promise<T | false | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error('it did not come to pass in 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
