import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const root = join(import.meta.dirname, '..', '..');
const UID = 54323;

const text = `name: lab
networks:
  left: { subnet: [10.71.0.0/24, "fd71::/64"], mode: host-only }
  right: { subnet: [10.72.0.0/24, "fd72::/64"] }
routers: { core: { networks: { left: [10.71.0.1, fd71::a], right: [10.72.0.1, fd72::a] } } }
machines:
  one: { networks: { left: [10.71.0.11, fd71::11] } }
  two: { networks: { right: [10.72.0.12, fd72::12] }, listen: [http] }
`;

test("an ordinary user's bottle is traced inside of its user namespace", { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
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
      env: { HOME: home, USER: 'somebody', XDG_RUNTIME_DIR: undefined, NETBOTTLE_STATE: `${home}/state` },
      cwd: home,
    };
    const bottle = (...words: readonly string[]) =>
      host.run([`${host.directory}/node`, `${host.directory}/dist/bottle.js`, ...words], somebody);
    expect(await bottle('up', '--no-verify', write(host, text))).toMatchObject({ status: 0 });
    for (const [from, to, service] of [
      ['one', 'two', 'http'],
      ['one', 'two', 'udp/99'],
      ['host', 'one', 'ping'],
    ] as const) {
      const { status, stdout, stderr } = await bottle('trace', from, to, service, '-b', 'lab');
      expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
    }
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await sh(host, `ls ${home}; pgrep -u ${UID} || :`)).toBe('');
  }),
);
