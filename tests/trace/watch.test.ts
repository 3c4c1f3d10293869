import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, program, sh } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', example('router-lab', 'bottle.yaml'));
});

interface Told {
  readonly event: 'following' | 'packet' | 'incomplete';
  readonly packet?: { readonly source: string; readonly protocol: number; readonly icmpType?: number };
  readonly ending?: { readonly kind: string; readonly at: string; readonly rule?: string };
}

/** Follows until `stop`, which gives the exit code; is back when it sees everything. */
async function following(...words: readonly string[]) {
  const command = [...program, 'trace', '--watch', ...words, '-b', 'router-lab', '-o', 'json'];
  const child = host.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let lines = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    lines += text;
  });
  const told = (): readonly Told[] =>
    lines
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Told);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBeGreaterThan(0);
  return {
    packets: () => told().filter(({ event }) => event === 'packet'),
    ended,
    stop: async () => {
      await host.run(['kill', '-INT', lines.split('\n')[0] ?? '']);
      return await ended;
    },
  };
}

test('follows real packets of everybody, with where they end, until it is stopped', async () => {
  const { packets, stop } = await following();
  await bottle.sh('router-lab', 'boxa', 'ping -c 1 172.16.200.5');
  await bottle.sh('router-lab', 'boxb', 'ping -c 1 -W 1 172.16.200.1');
  await expect
    .poll(() => packets().map(({ ending }) => `${ending?.kind} at ${ending?.at}`))
    .toEqual(['delivered at boxb', 'delivered at boxa', 'dropped at router']);
  expect(await stop()).toBe(0);
  expect(await sh(host, 'ip netns exec router-lab.router nft list tables')).not.toContain('netbottle-trace-');
});

test('follows one exchange, through translations, and ends after so many packets', async () => {
  const { packets, ended } = await following('boxb', 'router', 'tcp/8800', '--count', '2');
  await bottle.sh('router-lab', 'boxa', 'ping -c 1 172.16.200.5');
  await bottle.sh('router-lab', 'boxb', 'curl -s -m 5 http://172.16.200.1:8800');
  expect(await ended).toBe(0);
  expect(packets()).toMatchObject([
    { ending: { kind: 'delivered', at: 'boxa' }, packet: { protocol: 6 } },
    { ending: { kind: 'delivered', at: 'boxb' }, packet: { protocol: 6 } },
  ]);
});

test('says when more happens than it can follow', async () => {
  const { ended } = await following('boxa', 'boxb', 'ping', '--duration', '4');
  await bottle.sh('router-lab', 'boxa', 'ping -q -c 1500 -i 0.0005 172.16.200.5');
  expect(await ended).toBe(7);
});
