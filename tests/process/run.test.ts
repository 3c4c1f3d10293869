import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runInMachine } from '../../src/backend/process/run.ts';
import { eventually, REGISTER, TestBottle } from './test-bottle.ts';

describe.skipIf(process.getuid?.() !== 0)('a command in a machine', () => {
  let bottle: TestBottle;
  beforeEach(() => {
    bottle = new TestBottle('web');
  });
  afterEach(async () => {
    await bottle.endAll('web');
    await bottle.remove();
  });

  const run = async (command: readonly string[], more: object = {}) => {
    const output = join(bottle.home.root, 'output');
    const descriptor = openSync(output, 'w');
    try {
      const ended = await runInMachine({
        namespacePath: bottle.namespace('web'),
        machine: 'web',
        bottle: bottle.name,
        stateDirectory: bottle.directory,
        hosts: join(bottle.directory, 'hosts'),
        resolver: join(bottle.directory, 'resolv'),
        mounts: [],
        directory: '/',
        command,
        stdio: ['ignore', descriptor, descriptor],
        tty: false,
        ...more,
      });
      return { ...ended, output: readFileSync(output, 'utf8') };
    } finally {
      closeSync(descriptor);
    }
  };

  it('sees what the processes of the machine see', async () => {
    const line = 'hostname; getent hosts elsewhere.example; cat /etc/resolv.conf; echo $NETBOTTLE_MACHINE $MORE; ls /sys/class/net';
    expect(await run(['sh', '-c', line], { environment: { MORE: 'more' } })).toEqual({
      code: 0,
      signal: null,
      output: 'web\n203.0.113.7     elsewhere.example\nnameserver 203.0.113.53\nweb more\nlo\n',
    });
  });

  it('gives its exit code as a shell would', async () => {
    expect(await run(['sh', '-c', 'exit 7'])).toMatchObject({ code: 7, signal: null });
    expect(await run(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: 143, signal: 'SIGTERM' });
    expect(await run(['/etc/hosts'])).toMatchObject({ code: 126 });
    const missing = await run(['no-such-program', '--flag']);
    expect(missing).toMatchObject({ code: 127, output: expect.stringContaining('no-such-program') });
  });

  it('does not touch what else is on the command line', async () => {
    expect((await run(['printf', '%s|', '', 'a b', '$HOME', "it's", '--', '-n'])).output).toBe("|a b|$HOME|it's|--|-n|");
  });

  it('gets the signals that are sent to Netbottle', async () => {
    const ended = run(['sh', '-c', 'trap "echo bye; exit 9" TERM; echo ready; while :; do sleep 0.05; done']);
    await eventually(() => readFileSync(join(bottle.home.root, 'output'), 'utf8').includes('ready'));
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toMatchObject({ code: 9, output: 'ready\nbye\n' });
  });

  it('needs a machine that is there, and a directory', async () => {
    await expect(run(['true'], { namespacePath: bottle.namespace('nobody') })).rejects.toMatchObject({ code: 'no-namespace' });
    await expect(run(['true'], { directory: '/no/such' })).rejects.toMatchObject({
      code: 'process-view',
      message: expect.stringContaining('/no/such'),
    });
  });

  it('may have a terminal', async () => {
    // script(1) gives one to what it runs.
    const command = [
      process.execPath,
      '--import',
      REGISTER,
      join(import.meta.dirname, 'run-entry.ts'),
      bottle.directory,
      bottle.namespace('web'),
    ];
    const child = spawn('script', ['-qec', `exec ${command.join(' ')} sh -c 'tty; hostname; exit 5'`, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(output).toMatch(/^\/dev\/pts\/\d+\r\nweb\r\n$/);
    expect(code).toBe(5);
  });
});
