import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
beforeAll(async () => {
  // The public address of the example, on the interface to the LAN.
  await sh(host, `ip address add 192.168.0.2/24 dev ${host.uplink.device}`);
  await sh(host.lan, `ip route add 192.168.0.2 via ${host.uplink.address}`);
  await bottle.ok('up', example('port-forward', 'bottle.yaml'));
});

/** The first line that a web server at a place says, or nothing. */
const ask = async (from: 'host' | 'lan' | string, url: string): Promise<string> => {
  const line = `curl -sg --max-time 9 ${url} || true`;
  if (from === 'host') return (await sh(host, line)).split('\n')[0] ?? '';
  if (from === 'lan') return (await sh(host.lan, line)).split('\n')[0] ?? '';
  return (await bottle.sh('port-forward', from, line)).split('\n')[0] ?? '';
};

describe('a port of a public address leads to the machine', () => {
  test.each(['lan', 'host', 'web', 'guest'])('for whoever asks: %s', async (from) => {
    expect(await ask(from, 'http://192.168.0.2')).toMatch(/^web tcp\/80/);
  });

  test('from elsewhere under its own address', async () => {
    expect(await ask('lan', 'http://192.168.0.2')).toContain(`you are ${host.uplink.gateway}:`);
  });

  test('other ports, and other addresses of the host, are as closed as before', async () => {
    expect(await ask('lan', 'http://192.168.0.2:8080')).toBe('');
    expect(await ask('lan', `http://${host.uplink.address}`)).toBe('');
  });
});

test('a port of the host leads there under each of its addresses, 127.0.0.1 included, in both families', async () => {
  const file = `name: all
networks: { net: { subnet: [10.7.0.0/24, fd00:7::/64], mode: nat } }
machines: { site: { networks: { net: auto }, listen: http } }
forwards: { host tcp/8080: 'site:80' }
`;
  await bottle.ok('up', write(host, file));
  for (const at of ['127.0.0.1', host.uplink.address, '10.7.0.1', `[${host.uplink.address6}]`, '[fd00:7::1]'])
    expect(await ask('host', `http://${at}:8080`), at).toMatch(/^site tcp\/80/);
  for (const at of [host.uplink.address, `[${host.uplink.address6}]`])
    expect(await ask('lan', `http://${at}:8080`), at).toMatch(/^site tcp\/80/);
  // curl's exit code 7: refused, and no waiting for an answer that cannot come.
  expect(await sh(host, 'curl -sg -m 5 http://[::1]:8080 || echo $?')).toBe('7');
  await bottle.ok('down', '-y', 'all');
});

test("a machine does not get at what listens on the host's 127.0.0.1", async () => {
  const server = host.start(['python3', '-um', 'http.server', '--bind', '127.0.0.1', '8099'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await expect.poll(() => ask('host', 'http://127.0.0.1:8099')).not.toBe('');
    await bottle.sh(
      'port-forward',
      'web',
      'sysctl -qw net.ipv4.conf.vms.route_localnet=1; ip route add 127.0.0.1 via 10.1.1.1 table 7; ip rule add to 127.0.0.1 table 7 pref 0; ip rule add pref 1 table local; ip rule del pref 0 table local || true',
    );
    expect(await ask('web', 'http://127.0.0.1:8099')).toBe('');
  } finally {
    server.kill('SIGKILL');
    await bottle.ok('up', '-y', example('port-forward', 'bottle.yaml'));
  }
});

test('the port goes with the machine and comes with it', async () => {
  await bottle.ok('stop', '-b', 'port-forward', '-y', 'web');
  expect(await ask('lan', 'http://192.168.0.2')).toBe('');
  expect(await sh(host, 'nft list table inet netbottle-port-forward')).not.toContain('10.1.1.2');
  await bottle.ok('start', '-b', 'port-forward', 'web');
  expect(await ask('lan', 'http://192.168.0.2')).toMatch(/^web tcp\/80/);
});

test('a forward that takes the port of a program on the host says so', async () => {
  const server = host.start(['python3', '-um', 'http.server', '8090'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await expect.poll(() => ask('host', 'http://127.0.0.1:8090')).not.toBe('');
    const file = `name: taker
networks: { net: { subnet: 10.6.0.0/24, mode: nat } }
machines: { site: { networks: { net: auto }, listen: http } }
forwards: { host tcp/8090: 'site:80' }
`;
    const { stderr } = await bottle(['up', write(host, file)]);
    expect(stderr).toContain('a program of the host listens at tcp/8090');
    expect(await ask('host', 'http://127.0.0.1:8090')).toMatch(/^site tcp\/80/);
    await bottle.ok('down', '-y', 'taker');
    expect(await ask('host', 'http://127.0.0.1:8090')).toBe('<!DOCTYPE HTML>');
  } finally {
    server.kill('SIGKILL');
  }
});
