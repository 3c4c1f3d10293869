/** Somebody without any rights in a private host, who has the package and a home of their own. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished, PrivateHost, RunOptions } from '../host-state/host.ts';
import { program, sh } from './bottle.ts';

export interface OrdinaryUser {
  /** Their Netbottle. */
  bottle(...words: readonly string[]): Promise<Finished>;
  /** What starts it. */
  readonly program: readonly string[];
  /** As whom, and where, their commands run. */
  readonly options: RunOptions;
  readonly home: string;
  /** What of Netbottle is in their home, and processes of theirs: an empty text when nothing is left. */
  leftovers(): Promise<string>;
}

const root = join(import.meta.dirname, '..', '..');
const PACKAGE = ['dist', 'package.json', 'node_modules/koffi', 'node_modules/@koromix', 'node_modules/jiti'];

/** @param parts of the clone that they may read besides what a package installs: the clone itself may be where they cannot look */
export async function ordinaryUser(host: PrivateHost, parts: readonly string[] = []): Promise<OrdinaryUser> {
  for (const part of [...PACKAGE, ...parts]) cpSync(join(root, part), join(host.directory, part), { recursive: true });
  const [node = process.execPath] = program;
  // Tests that run side by side are different people: each looks for processes of its own.
  const uid = 40_000 + (process.pid % 20_000);
  const home = `${host.directory}/home`;
  await sh(
    host,
    `echo "somebody:x:${uid}:${uid}::${home}:/bin/sh" >>/etc/passwd
    mkdir ${home}; chown ${uid}:${uid} ${home}; chmod 755 ${host.directory}; cp ${node} ${host.directory}/node`,
  );
  const options: RunOptions = {
    user: { uid, gid: uid },
    env: { HOME: home, USER: 'somebody', XDG_RUNTIME_DIR: undefined, NETBOTTLE_STATE: `${home}/state`, NO_COLOR: '1' },
    cwd: home,
  };
  const words = [`${host.directory}/node`, `${host.directory}/dist/bottle.js`];
  return {
    bottle: (...more) => host.run([...words, ...more], options),
    program: words,
    options,
    home,
    leftovers: () => sh(host, `find ${home}/state 2>/dev/null || :; pgrep -u ${uid} || :`),
  };
}
