import { expect, test } from 'vitest';
import { bottleIn, program, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: namesake
switches: { s: { type: ovs } }
networks: { lan: { subnet: 10.96.0.0/24, switch: s } }
machines:
  a: { networks: { lan: 10.96.0.1 }, run: sleep 300 }
  b: { networks: { lan: 10.96.0.2 }, listen: [http] }
expect: { a -> b: [ping, http] }
`;

/** As in the shell of somebody who keeps to themselves: a network of their own, and a /run of their own over the host's. */
const apart = (line: string): string => `unshare --net --mount sh -euc 'mount -t tmpfs tmpfs /run; ip link set lo up; ${line}'`;

test('a bottle of the same name in another mount namespace stays as it is, and so does the one that comes', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const file = write(host, text);
    const running = (): Promise<string> => sh(host, 'pgrep -r D,R,S -x "sleep|ovs-vswitchd|ovsdb-server" || :');
    await bottle.ok('up', file);
    // What was just started may not be the program yet that it becomes.
    await expect.poll(async () => (await running()).split('\n').length).toBe(3);
    const before = await running();

    const theirs = program.join(' ');
    await sh(host, apart(`${theirs} up ${file}; ${theirs} verify ${file}; ${theirs} down -y namesake; ! test -e /run/netbottle`));
    expect(await running()).toBe(before);
    expect(await bottle.json(0, 'plan', file)).toMatchObject({ changes: [] });
    await bottle.ok('verify', 'namesake');
    await bottle.ok('down', '-y', 'namesake');
    expect(await running()).toBe('');
  }));
