import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const text = `name: gate
networks:
  out: { subnet: [10.9.0.0/24, fd00:9::/64], mode: nat }
  srv: { subnet: [10.8.0.0/24, fd00:8::/64], mode: routed }
  mine: { subnet: [10.7.0.0/24, fd00:7::/64], mode: host-only }
machines:
  one: { networks: { out: [10.9.0.10, fd00:9::10] }, listen: [ssh, telnet] }
  two: { networks: { srv: [10.8.0.10, fd00:8::10] }, listen: [ssh, http] }
  three: { networks: { mine: [10.7.0.10, fd00:7::10] }, listen: http }
forwards:
  host tcp/2222: one:22
  host tcp/2323: one:23
policy:
  one -> internet: [http, ping]
  one -> two: { allow: ssh, log: true }
  internet -> two: http
  internet -> one: ssh
  two -> 10.8.0.1: ping
  two -> fd00:8::1: ping
`;

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, text));
  const { address, address6 } = host.uplink;
  for (const net of [8, 9])
    await sh(host.lan, `ip route add 10.${net}.0.0/24 via ${address}; ip route add fd00:${net}::/64 via ${address6}`);
});

type Place = 'host' | 'lan' | 'one' | 'two' | 'three';

const run = async (from: Place, line: string): Promise<string> => {
  if (from === 'host') return sh(host, line);
  return from === 'lan' ? sh(host.lan, line) : (await bottle.sh('gate', from, line)).trim();
};

/** `open`, `refused` or `silent`, for TCP; a port that nobody listens on refuses. */
const tcp = (from: Place, to: string, port: number): Promise<string> =>
  run(
    from,
    `timeout 5 bash -c "exec 3<>/dev/tcp/${to}/${port}" 2>/dev/null && echo open || { [ $? = 124 ] && echo silent || echo refused; }`,
  );

const ping = (from: Place, to: string): Promise<string> => run(from, `ping -c 1 -w 5 ${to} >/dev/null && echo answered || echo silent`);

/** The same in both families. */
const both = async (ask: (family: 0 | 1) => Promise<string>): Promise<string> => {
  const [four, six] = await Promise.all([ask(0), ask(1)]);
  return four === six ? four : `${four}, ${six}`;
};
const one = ['10.9.0.10', 'fd00:9::10'] as const;
const two = ['10.8.0.10', 'fd00:8::10'] as const;
const hostIn = { out: ['10.9.0.1', 'fd00:9::1'], srv: ['10.8.0.1', 'fd00:8::1'] } as const;
const beyond = (family: 0 | 1): string => (family === 0 ? host.uplink.beyond : host.uplink.beyond6);
const uplink = (family: 0 | 1): string => (family === 0 ? host.uplink.address : host.uplink.address6);

describe('the host between its networks and the world', () => {
  test('lets out and in what lines say', async () => {
    expect(await both((family) => ping('one', beyond(family)))).toBe('answered');
    expect(await both((family) => tcp('one', beyond(family), 80))).toBe('refused');
    expect(await both((family) => tcp('one', two[family], 22))).toBe('open');
    expect(await both((family) => tcp('lan', two[family], 80))).toBe('open');
    expect(await both((family) => tcp('lan', uplink(family), 2222))).toBe('open');
  });

  test('and nothing else', async () => {
    const asked = await Promise.all([
      both((family) => tcp('one', beyond(family), 81)),
      both((family) => ping('two', beyond(family))),
      both((family) => tcp('one', two[family], 80)),
      both((family) => tcp('two', one[family], 22)),
      both((family) => tcp('lan', two[family], 22)),
      both((family) => tcp('lan', one[family], 23)),
      both((family) => tcp('lan', uplink(family), 2323)),
    ]);
    expect(asked).toEqual(asked.map(() => 'silent'));
  });

  test('begins itself whatever it likes', async () => {
    expect(await both((family) => tcp('host', two[family], 22))).toBe('open');
    expect(await tcp('host', '10.7.0.10', 80)).toBe('open');
  });

  test('is reached from them as lines say, and is no part of the internet', async () => {
    expect(await both((family) => ping('two', hostIn.srv[family]))).toBe('answered');
    expect(await both((family) => tcp('two', hostIn.srv[family], 22))).toBe('silent');
    expect(await both((family) => ping('one', uplink(family)))).toBe('silent');
    expect(await ping('three', '10.7.0.1')).toBe('silent');
  });

  test('is to others what it was', async () => {
    expect(await both((family) => ping('lan', uplink(family)))).toBe('answered');
    expect(await both((family) => tcp('lan', uplink(family), 80))).toBe('refused');
  });

  test('believes nobody outside who says that he is one of its machines', async () => {
    await sh(
      host.lan,
      'ip address add 10.9.0.10/32 dev lo; ip address add fd00:9::10/128 dev lo; ip route del 10.9.0.0/24; ip route del fd00:9::/64',
    );
    await sh(host, 'nft reset counters table inet netbottle-gate >/dev/null 2>&1 || :');
    const dropped = async (): Promise<number> =>
      Number(/counter packets (\d+)/.exec(await sh(host, 'nft list chain inet netbottle-gate sources'))?.[1]);
    const before = await dropped();
    await run('lan', 'ping -c 1 -W 1 -I 10.9.0.10 10.8.0.10 || :; ping -c 1 -W 1 -I fd00:9::10 fd00:8::10 || :');
    expect((await dropped()) - before).toBe(2);
  });

  test('tells a listener of what a line logs', async () => {
    const listening = host.start(['tcpdump', '-i', 'nflog:2', '-c', '1', '-U', '-w', '-'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let ready = '';
    listening.stderr?.setEncoding('latin1').on('data', (part: string) => (ready += part));
    const heard = new Promise<string>((resolve) => {
      let seen = '';
      listening.stdout?.setEncoding('latin1').on('data', (part: string) => (seen += part));
      listening.on('close', () => resolve(seen));
    });
    await expect.poll(() => ready).toContain('listening on');
    await tcp('one', two[0], 22);
    expect(await heard).toContain('gate one -> two: allow ');
  });
});
