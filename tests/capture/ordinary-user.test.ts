import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { capturing } from './capturing.ts';

const root = join(import.meta.dirname, '..', '..');
const UID = 54323;

const text = `name: lab
networks:
  net: { subnet: [10.71.0.0/24, "fd71::/64"] }
machines:
  one: { networks: { net: [10.71.0.11, "fd71::11"] } }
  two: { networks: { net: [10.71.0.12, "fd71::12"] } }
`;

test('an ordinary user captures in their own bottle, into a file, a pipe and on a terminal', { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
    // The clone may be where this user cannot look; what a package installs is enough, as a package would have it.
    for (const part of ['dist', 'package.json', 'node_modules/koffi', 'node_modules/@koromix', 'node_modules/jiti'])
      cpSync(join(root, part), join(host.directory, part), { recursive: true });
    const [node = process.execPath] = program;
    const home = `${host.directory}/home`;
    await sh(
      host,
      `echo "somebody:x:${UID}:${UID}::${home}:/bin/sh" >>/etc/passwd
      mkdir ${home}; chown ${UID}:${UID} ${home}; chmod 755 ${host.directory}; cp ${node} ${host.directory}/node`,
    );
    const somebody = {
      user: { uid: UID, gid: UID },
      env: { HOME: home, USER: 'somebody', XDG_RUNTIME_DIR: undefined, NETBOTTLE_STATE: `${home}/state`, NO_COLOR: '1' },
      cwd: home,
    };
    const words = [`${host.directory}/node`, `${host.directory}/dist/bottle.js`];
    const bottle = (...more: readonly string[]) => host.run([...words, ...more], somebody);
    const ping = (address: string) => bottle('exec', '-b', 'lab', 'one', '--', 'ping', '-c', '1', address);
    expect(await bottle('up', '--no-verify', write(host, text))).toMatchObject({ status: 0 });

    const running = await capturing(host, 'lab', ['one', 'net', '-f', 'icmp or icmp6[0] == 128'], somebody, words);
    await ping('10.71.0.12');
    await ping('fd71::12');
    expect(await running.stop()).toBe(0);
    const seen = running.file().packets.map(({ at, direction }) => `${at} ${direction}`);
    expect(seen).toEqual(['one/net out', 'net in', 'net in', 'one/net in', 'one/net out', 'net in']);

    const capture = `${words.join(' ')} capture -b lab net -c 2 -f icmp`;
    for (const line of [`${capture} | cat >piped; tcpdump -nr piped`, `script -qec '${capture}' /dev/null`]) {
      const shown = host.run(['sh', '-c', line], somebody);
      // It ends by itself, as soon as it has seen enough.
      const sender = setInterval(() => void ping('10.71.0.12'), 500);
      const { stdout } = await shown;
      clearInterval(sender);
      expect(stdout.match(/ICMP echo re/g)).toHaveLength(2);
    }
    const last = await capturing(host, 'lab', ['one'], somebody, words);
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await last.ended).toBe(0);
    await expect.poll(() => sh(host, `ls ${home}/state 2>/dev/null || :`)).toBe('');
    await expect.poll(() => sh(host, `pgrep -u ${UID} || :`)).toBe('');
  }),
);
