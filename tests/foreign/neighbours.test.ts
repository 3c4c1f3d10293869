import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
let before: HostState;
beforeAll(async () => {
  before = await host.state();
});

describe('two bottles with the same networks, machines and addresses', () => {
  const twin = (name: string): string => `name: ${name}
networks: { lab: { subnet: 10.9.0.0/24 } }
machines:
  one: { networks: { lab: 10.9.0.11 } }
  ${name}: { networks: { lab: 10.9.0.12 } }
expect: { one -> ${name}: [ping, http] }
`;

  test('are up at once and do not meet', async () => {
    for (const name of ['left', 'right']) await bottle.ok('up', write(host, twin(name), `${name}.yaml`));
    for (const name of ['left', 'right']) {
      await bottle.ok('verify', name);
      expect(await bottle.sh(name, 'one', `ping -c 1 -w 20 ${name}`)).toContain('1 received');
      const [mac, known] = [
        await bottle.sh(name, name, 'cat /sys/class/net/lab/address'),
        await bottle.sh(name, 'one', 'ip neigh show 10.9.0.12'),
      ];
      expect(known).toContain(mac.trim());
    }
    expect(await bottle.sh('left', 'one', 'getent hosts right || echo unknown')).toBe('unknown\n');
  });

  test('one goes, and the other does not notice', async () => {
    await bottle.ok('down', '-y', 'left');
    await bottle.ok('verify', 'right');
    expect(await bottle(['plan', 'right.yaml'])).toMatchObject({ status: 0 });
    await bottle.ok('down', '-y', 'right');
    expect(differences(before, await host.state())).toEqual([]);
  });
});

describe('forwarding on the host', () => {
  const nat = (name: string, subnet: string): string =>
    write(
      host,
      `name: ${name}\nnetworks: { lab: { subnet: ${subnet}, mode: nat } }\nmachines: { one: { networks: { lab: auto } } }\n`,
      `${name}.yaml`,
    );
  const forwarding = (): Promise<string> => sh(host, 'cat /proc/sys/net/ipv4/ip_forward');
  const out = async (name: string): Promise<string> => bottle.sh(name, 'one', `ping -c 1 -w 20 ${host.uplink.beyond}`);

  test('is put back by the last bottle that needed it', async () => {
    await bottle.ok('up', nat('first', '10.9.1.0/24'));
    await bottle.ok('up', nat('second', '10.9.2.0/24'));
    expect(await out('first')).toContain('1 received');
    await bottle.ok('down', '-y', 'first');
    expect(await forwarding()).toBe('1');
    expect(await out('second')).toContain('1 received');
    await bottle.ok('down', '-y', 'second');
    expect(await forwarding()).toBe('0');
    expect(differences(before, await host.state())).toEqual([]);
  });

  test('two bottles behind NAT do not reach each other', async () => {
    await bottle.ok('up', nat('first', '10.9.1.0/24'));
    await bottle.ok('up', nat('second', '10.9.2.0/24'));
    const address = (await bottle.sh('second', 'one', "hostname -I | cut -d' ' -f1")).trim();
    expect(address).toMatch(/^10\.9\.2\./);
    expect(await bottle.sh('first', 'one', `ping -c 1 -W 1 ${address}`)).toContain('0 received');
    await bottle.ok('down', '-y', 'first');
    await bottle.ok('down', '-y', 'second');
  });

  test('that was on before stays on', async () => {
    await sh(host, 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    const forwards = await host.state();
    await bottle.ok('up', nat('first', '10.9.1.0/24'));
    await bottle.ok('down', '-y', 'first');
    expect(differences(forwards, await host.state())).toEqual([]);
    await sh(host, 'echo 0 > /proc/sys/net/ipv4/ip_forward');
  });

  test('leaves the settings that the kernel changes along with it as they were', async () => {
    // The kernel turns redirects on when a host stops to forward, and sets every interface to what is set for all.
    const forwarding4 = `/proc/sys/net/ipv4/conf/${host.uplink.device}/forwarding`;
    const forwarding6 = `/proc/sys/net/ipv6/conf/${host.uplink.device}/forwarding`;
    await sh(host, `echo 0 > /proc/sys/net/ipv4/conf/all/accept_redirects; echo 1 > ${forwarding4}; echo 1 > ${forwarding6}`);
    const hardened = await host.state();
    await bottle.ok('up', nat('first', '[10.9.1.0/24, fd09:1::/64]'));
    await bottle.ok('down', '-y', 'first');
    expect(differences(hardened, await host.state())).toEqual([]);
    await sh(host, `echo 1 > /proc/sys/net/ipv4/conf/all/accept_redirects; echo 0 > ${forwarding4}; echo 0 > ${forwarding6}`);
  });

  test('that somebody turned off meanwhile is seen, put right by `up`, and put back by `down`', async () => {
    const file = nat('first', '10.9.1.0/24');
    await bottle.ok('up', file);
    await sh(host, 'echo 0 > /proc/sys/net/ipv4/ip_forward');
    expect(await bottle(['plan', file])).toMatchObject({ status: 2, stdout: expect.stringContaining('ip_forward') });
    await bottle.ok('up', file);
    expect(await forwarding()).toBe('1');
    await sh(host, 'echo 0 > /proc/sys/net/ipv4/ip_forward');
    await bottle.ok('down', '-y', 'first');
    expect(await forwarding()).toBe('0');
    expect(differences(before, await host.state())).toEqual([]);
  });
});
