import { describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);

interface Verdict {
  readonly text: string;
  readonly state: string;
  readonly failures: readonly { readonly text: string; readonly exchange: string; readonly outcome: object }[];
}

const narrow = `name: narrow
networks:
  left: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  right: { subnet: [10.2.0.0/24, "fd00:2::/64"], mtu: 1400 }
routers:
  r: { networks: { left: 10.1.0.1, right: 10.2.0.1 } }
machines:
  a: { networks: { left: 10.1.0.10 } }
  b: { networks: { right: 10.2.0.10 }, listen: http }
expect:
  a -> b: [ping, http, tcp/9000, udp/9000]
  b -> a: [ping, tcp/9001, udp/9001]
`;

const overlay = `name: over
networks:
  wire: { subnet: [192.168.50.0/24, "fd00:50::/64"] }
  over: { subnet: [192.168.60.0/24, "fd00:60::/64"], overlay: { over: wire, id: 100 } }
machines:
  a: { networks: { wire: 192.168.50.4, over: 192.168.60.4 } }
  b: { networks: { wire: 192.168.50.5, over: 192.168.60.5 }, listen: http }
expect:
  a -> 192.168.60.5: [ping, http, udp/9000]
  a -> fd00:60::/64: tcp/9000
`;

describe('full packets of promises', () => {
  test('that are too large for a network behind a router arrive as large as the router says', async () => {
    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, 'up', write(host, narrow));
    expect(verdicts.map(({ state, failures }) => ({ state, failures }))).toEqual([
      { state: 'held', failures: [] },
      { state: 'held', failures: [] },
    ]);
    // Each exchange, and the first of each protocol once more, in both families.
    expect(verdicts.map((verdict) => (verdict as Verdict & { total: { asked: number } }).total.asked)).toEqual([2 * (4 + 3), 2 * (3 + 3)]);
    await bottle.ok('down', '-y', 'narrow');
  });

  test('that vanish on their way break them, and the small ones do not', async () => {
    const path = write(host, overlay);
    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, 'up', path);
    expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held']);
    // In the middle of the way, both ways, and without a word: a bridge that calls iptables would cut packets up for a small MTU.
    const [made, gone] = [
      'add table bridge own; add chain bridge own c { type filter hook forward priority 0; }',
      'delete table bridge own',
    ];
    await sh(host, `ip netns exec over nft '${made}; add rule bridge own c meta length > 1400 drop'`);
    const broken = await bottle.json<{ verdicts: Verdict[] }>(3, 'verify', path);
    const words = (exchange: string): string =>
      `${exchange} with full packets: packets of 1450 bytes are lost on the way, and nobody is told; 1350 bytes come through; they were last seen when they came from a into wire`;
    expect(broken.verdicts.map(({ failures }) => failures.map(({ text }) => text))).toEqual([
      [`a -> b (192.168.60.5) ${words('ping')}`, `a -> b (192.168.60.5) ${words('tcp/80')}`, `a -> b (192.168.60.5) ${words('udp/9000')}`],
      [expect.stringContaining(words('tcp/9000'))],
    ]);
    await sh(host, `ip netns exec over nft '${gone}'`);
    await bottle.ok('verify', path);
    await bottle.ok('down', '-y', 'over');
  });

  test('are told apart by the size that comes through and the place where larger ones end, of answers too', async () => {
    const path = write(host, narrow);
    await bottle.ok('up', path);
    const lost = async (rule: string): Promise<readonly unknown[]> => {
      const namespace = 'ip netns exec narrow.r nft';
      await sh(host, `${namespace} 'add table inet own; add chain inet own c { type filter hook forward priority 0; }'`);
      await sh(host, `${namespace} 'add rule inet own c ${rule} drop'`);
      const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(3, 'verify', path);
      await sh(host, `${namespace} 'delete table inet own'`);
      return verdicts.flatMap(({ failures }) => failures.map(({ exchange, outcome }) => ({ exchange, ...outcome })));
    };
    const found = await lost('ip protocol icmp meta length > 1201');
    expect(found).toMatchObject([
      { exchange: 'ping with full packets', fits: 1201, lastSeen: { at: 'r', by: 'left', way: 'in', answer: false } },
      { exchange: 'ping with full packets', fits: 1201, lastSeen: { at: 'r', by: 'right', way: 'in', answer: false } },
    ]);
    const answers = { exchange: 'udp/9000 with full packets', fits: 1001, lastSeen: { at: 'r', by: 'right', way: 'in', answer: true } };
    expect(await lost('iifname right udp sport 9000 meta length > 1001')).toMatchObject([answers, answers]);
    await bottle.ok('down', '-y', 'narrow');
  });
});
