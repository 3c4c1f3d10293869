import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { watching } from './watcher.ts';

const root = join(import.meta.dirname, '..', '..');
const UID = 54322;

const text = `name: lab
networks:
  net: { subnet: [10.71.0.0/24, "fd71::/64"], mode: host-only }
machines:
  one: { networks: { net: 10.71.0.11 }, listen: [http] }
`;

/** For what has to come, however busy the machine is. */
const patience = { timeout: 20_000 };

test("an ordinary user's bottle is watched inside of its user namespace, on all its sides", { timeout: 120_000 }, () =>
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
      env: { HOME: home, USER: 'somebody', XDG_RUNTIME_DIR: undefined, NETBOTTLE_STATE: `${home}/state` },
      cwd: home,
    };
    const words = [`${host.directory}/node`, `${host.directory}/dist/bottle.js`];
    const bottle = (...more: readonly string[]) => host.run([...words, ...more], somebody);
    const file = write(host, text);
    expect(await bottle('up', file)).toMatchObject({ status: 0 });
    const watcher = await watching(host, 'lab', somebody, words);
    const { pid } = JSON.parse(await sh(host, `cat ${home}/state/lab/holder.json`)) as { pid: number };
    const inside = (line: string): Promise<string> => sh(host, `nsenter -t ${pid} -m -n sh -euc '${line}'`);
    const one = `nsenter --net=${home}/state/lab/netns/lab.one`;
    for (const [line, identity] of [
      ['nft flush ruleset', 'table:@host/inet/netbottle-lab'],
      ['ip link del lab-net', 'veth:@host/net'],
      [`${one} ip addr del 10.71.0.11/24 dev net`, 'address:lab.one/net/10.71.0.11/24'],
      [`${one} sysctl -qw net.ipv4.ip_forward=1`, 'sysctl:lab.one/net/ipv4/ip_forward'],
      [`umount ${home}/state/lab/netns/lab.one`, 'namespace:lab.one'],
    ] as const) {
      await inside(line);
      await expect.poll(() => watcher.repaired(), patience).toContain(identity);
      expect(await bottle('plan', file)).toMatchObject({ status: 0 });
    }
    expect(await watcher.stop()).toBe(0);
    const another = await watching(host, 'lab', somebody, words);
    expect(await bottle('down', '-y', 'lab')).toMatchObject({ status: 0 });
    expect(await another.ended).toBe(0);
    expect(await sh(host, `ls ${home}; pgrep -u ${UID} || :`)).toBe('');
  }),
);
