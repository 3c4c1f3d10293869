import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const file = (forwards: string): string => `name: rn
networks:
  internet: { subnet: [198.51.100.0/24, 2001:db8:51::/64] }
  dmz: { subnet: [10.1.0.0/24, fd00:1::/64] }
routers:
  edge:
    networks: { internet: [198.51.100.2, 198.51.100.3, 2001:db8:51::2], dmz: [10.1.0.1, fd00:1::1] }
    nat: { snat: { internet: 198.51.100.3 }, except: 198.51.100.78 }
machines:
  someone: { networks: { internet: [198.51.100.77, 2001:db8:51::77] }, listen: http }
  partner: { networks: { internet: 198.51.100.78 }, listen: http }
  web: { networks: { dmz: [10.1.0.10, fd00:1::10] }, listen: [http, tcp/9000-9002, udp/5353] }
  inner: { networks: { dmz: [10.1.0.11, fd00:1::11] } }
forwards:
  edge tcp/80: web
  198.51.100.3 tcp/8000-8002: web:9000-9002
${forwards}`;

const withUdp = file('  edge udp/5000: web:5353\n');

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, withUdp));
});

const ask = async (from: string, url: string): Promise<string> =>
  (await bottle.sh('rn', from, `curl -sg --http0.9 --max-time 9 ${url} || true`)).split('\n')[0] ?? '';

describe('source NAT', () => {
  test('gives what leaves the address that the file says, and where it says none that of the interface', async () => {
    expect(await ask('inner', 'http://198.51.100.77')).toContain('you are 198.51.100.3:');
    expect(await ask('inner', 'http://[2001:db8:51::77]')).toMatch(/you are \[?2001:db8:51::2/);
  });

  test('leaves exempted destinations alone', async () => {
    expect(await ask('inner', 'http://198.51.100.78')).toContain('you are 10.1.0.11:');
  });
});

describe('forwards', () => {
  test.each([
    ['http://198.51.100.2', 'web tcp/80'],
    ['http://198.51.100.3', 'web tcp/80'],
    ['http://[2001:db8:51::2]', 'web tcp/80'],
    ['http://198.51.100.3:8000', 'web tcp/9000'],
    ['http://198.51.100.3:8002', 'web tcp/9002'],
  ])('%s leads to %s, from outside, from inside, and from the router', async (url, where) => {
    for (const from of ['someone', 'inner', 'web', 'edge']) expect(await ask(from, url), from).toContain(where);
  });

  test('are for the address that is named', async () => {
    expect(await ask('someone', 'http://198.51.100.2:8000')).toBe('');
  });

  test('a flow of UDP ends with its forward, though it never pauses', async () => {
    const flow = `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 40000)); s.settimeout(2); s.connect(('198.51.100.2', 5000))
def ask():
    try: s.send(b'x'); return len(s.recv(999)) > 0
    except OSError: return False
end = time.time() + 40
while not ask() and time.time() < end: pass
print('goes', flush=True)
while ask() and time.time() < end: time.sleep(0.02)
print(any(ask() for _ in range(5)))`;
    const running = bottle.sh('rn', 'someone', `python3 -c "${flow.replaceAll('"', '\\"')}"`);
    await expect
      .poll(() =>
        bottle.sh('rn', 'edge', 'grep -c dport=5000 /proc/net/nf_conntrack || conntrack -L 2>/dev/null | grep -c dport=5000 || true'),
      )
      .toMatch(/[1-9]/);
    await bottle.ok('up', write(host, file('')));
    expect((await running).trim().split('\n')).toEqual(['goes', 'False']);
    await bottle.ok('up', write(host, withUdp));
  });
});
