import { expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Pinged {
  /** The shortest way there and back, in milliseconds: on a busy host the others take any time. */
  readonly shortest: number;
  /** Percent. */
  readonly loss: number;
  readonly duplicates: number;
}

function pingedIn(text: string): Pinged {
  const [, loss = ''] = /([\d.]+)% packet loss/.exec(text) ?? [];
  const [, shortest = ''] = /= ([\d.]+)\//.exec(text) ?? [];
  const [, duplicates = '0'] = /\+(\d+) duplicates/.exec(text) ?? [];
  return { shortest: Number(shortest), loss: Number(loss), duplicates: Number(duplicates) };
}

const outwards = `name: out
networks:
  lan: { subnet: 10.1.0.0/24, mode: bridged, attach: { interface: e0 } }
  near: { subnet: 10.2.0.0/24, mode: host-only, host: { address: 10.2.0.1, impair: { delay: 20ms } } }
machines:
  a: { networks: { lan: { address: 10.1.0.10, impair: { delay: 30ms } }, near: auto } }
  b: { networks: { lan: 10.1.0.11 } }
`;

test('delays are there and back, on the cable to the host and on an interface of the host', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 120_000 });
    await sh(host, 'ip link add e0 type veth peer name e1 && ip link set e0 up && ip link set e1 up');
    await bottle.ok('up', '--no-verify', write(host, outwards));
    const shortest = async (from: string, to: string): Promise<number> =>
      pingedIn(await sh(host, `ip netns exec out.${from} ping -q -i 0.01 -c 20 -W 5 ${to}`)).shortest;
    expect(await shortest('b', '10.1.0.10')).toBeGreaterThanOrEqual(60);
    expect(await shortest('a', '10.2.0.1')).toBeGreaterThanOrEqual(40);
    await bottle.ok('down', '-y', 'out');
  }));

test('delay, loss and duplicates are what the file says, change while packets flow, and are put right', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 120_000 });
    const file = example('impaired', 'bottle.yaml');
    const ping = async (from: string, count: number): Promise<Pinged> =>
      pingedIn(await sh(host, `ip netns exec impaired.${from} ping -q -i 0.01 -c ${count} -W 3 10.2.0.10 || :`));
    await bottle.ok('up', '--no-verify', file);

    // 40 ms in each direction, give or take 5.
    const far = await ping('alice', 100);
    expect(far.shortest).toBeGreaterThanOrEqual(70);
    // 15 ms more, and 5 % of the packets lost in each direction, besides the 1 % of the line.
    const phone = await ping('phone', 500);
    expect(phone.shortest).toBeGreaterThanOrEqual(100);
    expect(phone.loss).toBeGreaterThan(4);
    expect(phone.loss).toBeLessThan(40);
    expect(phone.duplicates).toBeGreaterThan(0);

    await sh(
      host,
      'ip netns exec impaired.west tc qdisc del dev line root; ip netns exec impaired.east tc qdisc change dev line root netem delay 1s',
    );
    await bottle.ok('up', '--no-verify', file);
    expect(await sh(host, 'ip netns exec impaired.west tc qdisc show dev line')).toMatch(
      /netem 4e42: .*delay 40ms +5ms loss 1% rate 20Mbit/,
    );
    expect(await sh(host, 'ip netns exec impaired.east tc qdisc show dev line')).toMatch(
      /netem 4e42: .*delay 40ms +5ms loss 1% rate 20Mbit/,
    );

    await bottle.ok('impair', '-b', 'impaired', 'line', 'delay=2ms');
    expect((await ping('alice', 50)).shortest).toBeLessThan(far.shortest);
    await bottle.ok('impair', '-b', 'impaired', 'line', 'loss=100%');
    expect((await ping('alice', 5)).loss).toBe(100);
    await bottle.ok('down', '-y', 'impaired');
  }));
