import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrdinaryUser } from './ordinary-user.ts';

const json = ({ stdout, stderr }: { stdout: string; stderr: string }): Record<string, unknown> => {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
};

describe.skipIf(process.getuid?.() !== 0)('an ordinary user', () => {
  let user: OrdinaryUser;
  beforeEach(() => {
    user = new OrdinaryUser();
  });
  afterEach(() => user.remove());
  const enter = (...command: readonly string[]) => user.act('enter', command);

  it('is root in a network of their own for as long as the bottle runs', () => {
    const holder = json(user.act('ensure'));
    expect(holder).toMatchObject({ pid: expect.any(Number), startTime: expect.any(Number), bottle: 'corp' });
    expect(json(user.act('ensure'))).toEqual(holder);
    expect(json(user.act('find'))).toEqual(holder);
    expect(user.processes()).toHaveLength(1);
    expect(enter('id', '-u').stdout).toBe('0\n');
    expect(enter('pwd').stdout).toBe(`${user.home}\n`);
    expect(enter('ls', '/sys/class/net').stdout).toBe('lo\n');
    expect(enter('sh', '-c', 'ip link add name one type veth peer name two && ip -br link show type veth | wc -l').stdout).toBe('2\n');
    expect(enter('ip', '-br', 'address', 'show', 'lo').stdout).toContain('127.0.0.1/8');
    expect(enter('ls', '/sys/class/net').stdout).toBe('lo\none\ntwo\n');
    expect(enter('sh', '-c', 'exit 7').status).toBe(7);
    expect(enter('sh', '-c', 'kill -TERM $$').status).toBe(143);
    expect(json(user.act('end'))).toBeNull();
    expect(user.processes()).toEqual([]);
    expect(json(user.act('find'))).toBeNull();
    expect(existsSync(join(user.home, 'state/corp/holder.json'))).toBe(false);
  });

  it('has nothing left in it when it ends, and starts again after a crash', () => {
    const holder = json(user.act('ensure'));
    enter('sh', '-c', 'setsid unshare --net sleep 1000 >/dev/null 2>&1 </dev/null & setsid sleep 1000 >/dev/null 2>&1 </dev/null &');
    expect(user.processes()).toHaveLength(3);
    user.act('end');
    expect(user.processes()).toEqual([]);
    process.kill(json(user.act('ensure'))['pid'] as number, 'SIGKILL');
    expect(json(user.act('find'))).toBeNull();
    expect(json(user.act('ensure'))['pid']).not.toBe(holder['pid']);
  });

  it('has machines, processes and responders inside', () => {
    user.act('ensure');
    const { stdout, stderr } = user.act('machines');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      started: [{ ok: true }, { ok: true }],
      log: 'web uid 0 203.0.113.53',
      page: 'web tcp/80',
      left: [],
    });
    user.act('end');
    expect(user.processes()).toEqual([]);
  });

  it('does not take a directory that somebody else made', () => {
    mkdirSync(join(user.home, 'state'), { mode: 0o777 });
    chmodSync(join(user.home, 'state'), 0o777);
    expect(json(user.act('ensure'))).toMatchObject({ error: { code: 'state-not-private', message: expect.stringContaining('user 0') } });
  });

  it('is told by what user namespaces are forbidden', () => {
    const file = join(user.home, 'zero');
    writeFileSync(file, '0\n');
    const shown = user.act('obstacle', [], `mount --bind ${file} /proc/sys/user/max_user_namespaces`);
    expect(json(shown)).toMatchObject({
      code: 'user-namespaces-forbidden',
      remedy: expect.stringContaining('sysctl user.max_user_namespaces='),
    });
  });

  it('may be several users inside where ids were given to them', () => {
    if (!existsSync('/usr/bin/newuidmap')) return;
    const rich = new OrdinaryUser(true);
    try {
      const holder = json(rich.act('ensure'));
      expect(
        readFileSync(`/proc/${String(holder['pid'])}/uid_map`, 'utf8')
          .trim()
          .split('\n').length,
      ).toBeGreaterThan(1);
      expect(rich.act('enter', ['setpriv', '--reuid', '33', '--regid', '33', '--clear-groups', 'id', '-u']).stdout).toBe('33\n');
      rich.act('end');
      expect(rich.processes()).toEqual([]);
    } finally {
      rich.remove();
    }
  });

  describe('with an uplink', () => {
    // Where /dev/net/tun is root's alone, which it is on few machines, the user gets one in a mount namespace of theirs.
    const tun = (): string => `mknod -m 666 ${user.home}/tun c 10 200; mount --bind ${user.home}/tun /dev/net/tun`;
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, scopeid }) => !internal && (scopeid ?? 0) === 0);
    const there = spawnSync('pasta', ['--version']).error === undefined && outside.length > 0;

    it.skipIf(!there)('reaches what this machine reaches, and this machine itself, but not its loopback', async () => {
      // In a thread of its own, for this one waits for programs.
      const source = `
        const { createServer } = require('node:net');
        const { parentPort } = require('node:worker_threads');
        const server = createServer((socket) => socket.on('error', () => undefined).end('here'));
        server.listen(0, '::', () => parentPort.postMessage(server.address().port));`;
      const server = new Worker(source, { eval: true });
      try {
        const port = await new Promise<number>((resolve) => server.once('message', resolve));
        user.act('ensure');
        expect(json(user.act('uplink', [], tun()))).toBeNull();
        expect(json(user.act('uplink', [], tun()))).toBeNull();
        expect(user.processes()).toHaveLength(2);
        const talk = `require('node:net').connect(${port}, process.argv[1]).on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code)).setTimeout(3000, () => { console.log('timeout'); process.exit(); })`;
        const from = (address: string): string => enter(process.execPath, '-e', talk, address).stdout.trim();
        for (const { address } of outside) expect([address, from(address)]).toEqual([address, 'here']);
        expect(from('127.0.0.1')).toBe('ECONNREFUSED');
        expect(from('192.0.0.1')).not.toBe('here');
        user.act('end');
        expect(user.processes()).toEqual([]);
      } finally {
        await server.terminate();
      }
    });

    it.skipIf(!there)('opens no port of this machine', async () => {
      user.act('ensure');
      user.act('uplink', [], tun());
      const before = spawnSync('ss', ['-Hltn'], { encoding: 'utf8' }).stdout;
      enter('sh', '-c', `setsid ${process.execPath} -e "require('node:net').createServer().listen(18080)" >/dev/null 2>&1 </dev/null &`);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(spawnSync('ss', ['-Hltn'], { encoding: 'utf8' }).stdout).not.toContain(':18080');
      expect(before).not.toContain(':18080');
      user.act('end');
    });

    it.skipIf(!there)('is told what is missing', () => {
      user.act('ensure');
      const hidden = user.act('uplink', [], 'mount -t tmpfs none /dev/net');
      expect(json(hidden)).toMatchObject({ error: { code: 'tun-forbidden', remedy: 'sudo modprobe tun' } });
      const closed = user.act('uplink', [], `mknod -m 600 ${user.home}/closed c 10 200; mount --bind ${user.home}/closed /dev/net/tun`);
      expect(json(closed)).toMatchObject({ error: { code: 'tun-forbidden', remedy: 'sudo chmod 666 /dev/net/tun' } });
    });
  });
});
