import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences } from './differences.ts';
import type { ConnectedHost, PrivateHost } from './host.ts';
import { hostState } from './host-state.ts';
import { inPrivateHost, privateHost } from './private-host.ts';

const sh = async (host: PrivateHost, script: string, options = {}): Promise<string> => {
  const { status, stdout, stderr } = await host.run(['sh', '-euc', script], options);
  expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
  return stdout.trim();
};

describe('a private host', () => {
  let host: ConnectedHost;
  beforeAll(async () => {
    host = await privateHost({ uplink: true });
  });
  afterAll(() => host.end());

  test('is a host of its own: no links, processes or files of the machine', async () => {
    expect(await sh(host, 'ls /sys/class/net')).toBe('lo\nuplink0');
    expect(await sh(host, 'ls /run')).toBe('');
    expect(Object.keys((await host.state()).processes)).toHaveLength(1);
  });

  test('what is done in it is not done to the machine', async () => {
    const before = hostState();
    await sh(
      host,
      'ip link add stray type bridge; echo 1 > /proc/sys/net/ipv4/ip_forward; echo x > /etc/netbottle-stray; mkdir /run/netns',
    );
    // Other tests change other things of it meanwhile.
    expect(differences(before, hostState()).filter((line) => /stray|ip_forward|\/run\/netns/.test(line))).toEqual([]);
    await sh(host, 'ip link del stray; echo 0 > /proc/sys/net/ipv4/ip_forward; rm /etc/netbottle-stray; rmdir /run/netns');
  });

  test('takes commands with their input, environment, directory and user', async () => {
    expect(await sh(host, 'cat', { input: 'hello' })).toBe('hello');
    expect(await sh(host, 'echo "$GREETING"; pwd', { env: { GREETING: 'hello' }, cwd: host.directory })).toBe(`hello\n${host.directory}`);
    expect(await sh(host, 'id -u; id -g; id -G', { user: { uid: 65534, gid: 65534 } })).toBe('65534\n65534\n65534');
    expect(await host.run(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({ status: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('lets an ordinary user make namespaces of their own', async () => {
    const user = { uid: 65534, gid: 65534 };
    expect(await sh(host, 'unshare --user --map-root-user --net --mount sh -c "id -u; ls /proc/sys/net/ipv4/conf"', { user })).toBe(
      '0\nall\ndefault\nlo',
    );
  });

  test('a command is killed when it takes too long, and with the process that started it', async () => {
    expect((await host.run(['sleep', '60'], { timeout: 100 })).status).toBe(137);
    const child = host.start(['sleep', '61']);
    await expect.poll(() => sh(host, 'pgrep -fx "sleep 61" || :')).not.toBe('');
    child.kill('SIGKILL');
    await expect.poll(() => sh(host, 'pgrep -f "sleep 6[01]" || :')).toBe('');
  });

  test('shares a directory with the test', async () => {
    writeFileSync(join(host.directory, 'in'), 'from outside');
    expect(await sh(host, `cat ${host.directory}/in; echo inside > ${host.directory}/out`)).toBe('from outside');
    expect(readFileSync(join(host.directory, 'out'), 'utf8')).toBe('inside\n');
  });

  test('reaches its LAN and beyond in both families, and the LAN does not know what is behind it', async () => {
    const { gateway, gateway6, beyond, beyond6, address, address6 } = host.uplink;
    for (const there of [gateway, gateway6, beyond, beyond6]) await sh(host, `ping -c 1 -W 5 ${there}`);
    for (const back of [address, address6]) await sh(host.lan, `ping -c 1 -W 5 ${back}`);
    expect((await host.lan.run(['ip', 'route', 'get', '10.1.0.1'])).status).not.toBe(0);
  });
});

test('all that runs in a private host ends with it', async () => {
  const pid = await inPrivateHost({}, async (host) => {
    await sh(host, 'setsid sleep 62 >/dev/null 2>&1 </dev/null &');
    await expect.poll(() => sh(host, 'pgrep -fx "sleep 62" || :')).not.toBe('');
    return host.pid;
  });
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a private host holds nothing that others have mounted', async () => {
  const name = `netbottle-test-${process.pid}`;
  execFileSync('ip', ['netns', 'add', name]);
  try {
    await inPrivateHost({}, async (host) => {
      expect(await sh(host, 'grep -c nsfs /proc/self/mountinfo || :')).toBe('0');
    });
  } finally {
    execFileSync('ip', ['netns', 'del', name]);
  }
});

test('a private host that cannot be made says why', async () => {
  await expect(privateHost({ share: ['/tmp/there-is-no-such-directory'] })).rejects.toThrow('there-is-no-such-directory');
});
