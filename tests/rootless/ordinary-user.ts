/** A user without any rights, made for a test and removed after it. */
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTER } from '../process/test-bottle.ts';

const ENTRY = join(import.meta.dirname, '../process/rootless-entry.ts');

export class OrdinaryUser {
  readonly name = `nbtest-${process.pid}-${Math.floor(Math.random() * 1000)}`;
  readonly uid: number;
  readonly home: string;

  constructor(ranges = false) {
    execFileSync('useradd', ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/sh', this.name]);
    this.uid = Number(execFileSync('id', ['-u', this.name], { encoding: 'utf8' }));
    if (ranges) execFileSync('usermod', ['--add-subuids', '300000-365535', '--add-subgids', '300000-365535', this.name]);
    this.home = mkdtempSync(join(tmpdir(), 'netbottle-user-'));
    chownSync(this.home, this.uid, this.uid);
  }

  /** Runs one of the actions in `rootless-entry.ts`; `prepare` is run by root before, in a mount namespace of its own. */
  act(action: string, args: readonly string[] = [], prepare = ':'): SpawnSyncReturns<string> {
    const drop = ['setpriv', '--reuid', this.name, '--regid', this.name, '--clear-groups', '--inh-caps=-all'];
    const node = [process.execPath, '--import', REGISTER, ENTRY, action, ...args];
    return spawnSync('unshare', ['--mount', '--propagation', 'slave', 'sh', '-c', `${prepare}; exec "$@"`, 'sh', ...drop, ...node], {
      encoding: 'utf8',
      cwd: this.home,
      timeout: 40_000,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        USER: this.name,
        NETBOTTLE_STATE: join(this.home, 'state'),
        // What is compiled is kept where only this user can write.
        TMPDIR: join(this.home, 'tmp'),
      },
    });
  }

  /** What of theirs runs. */
  processes(): readonly string[] {
    const { stdout } = spawnSync('ps', ['-U', this.name, '-o', 'stat=,pid=,args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('Z'));
  }

  remove(): void {
    for (const line of this.processes()) process.kill(Number(line.trim().split(/\s+/)[1]), 'SIGKILL');
    execFileSync('userdel', ['--force', this.name], { stdio: 'ignore' });
    rmSync(this.home, { recursive: true });
  }
}
