/** Puts switches into the Open vSwitch of the host that it is run in, and takes them out again; says what it saw as JSON. */
import { execFileSync } from 'node:child_process';
import type { Resource } from '../../src/resource/kinds.ts';
import { HOST } from '../../src/resource/resource.ts';
import { Lab } from './lab.ts';

/** As the service of a distribution does it. */
function startService(): void {
  const run = (program: string, ...args: readonly string[]): string => execFileSync(program, args, { encoding: 'utf8' });
  const directory = '/var/run/openvswitch';
  run('mkdir', '-p', directory);
  run('ovsdb-tool', 'create', `${directory}/conf.db`);
  run('ovsdb-server', `${directory}/conf.db`, `--remote=punix:${directory}/db.sock`, '--pidfile', '--detach', '--log-file=/dev/null');
  run('ovs-vswitchd', `unix:${directory}/db.sock`, '--pidfile', '--detach', '--log-file=/dev/null');
}

const vsctl = (...args: readonly string[]): string => execFileSync('ovs-vsctl', args, { encoding: 'utf8' }).trim();

startService();
vsctl('add-br', 'theirs', '--', 'set', 'bridge', 'theirs', 'datapath_type=netdev');
const lab = new Lab();
const here = <R extends Resource>(resource: R): R => ({ ...resource, namespace: HOST });
const desired: readonly Resource[] = [
  here(lab.switch('corp-sw')),
  ...[1, 3].flatMap((i) =>
    lab.machine(`web${i}`, i, 'corp-sw', { mode: 'access', tag: 100 }).map((resource): Resource => {
      if (resource.kind === 'ovs-port') return here(resource);
      if (resource.kind !== 'veth') return resource;
      const [near, far] = resource.ends;
      return { ...resource, ends: [near, { ...far, namespace: HOST }] };
    }),
  ),
];
try {
  await lab.up(desired);
  const said = {
    left: (await lab.plan(desired)).map(({ identity }) => identity),
    pings: lab.pings('web1', '10.0.0.3'),
    bridges: vsctl('list-br').split('\n').sort(),
    marks: [
      vsctl('get', 'bridge', 'corp-sw', 'external_ids:netbottle') === `"${lab.bottle}"` ||
        vsctl('get', 'bridge', 'corp-sw', 'external_ids:netbottle') === lab.bottle,
    ],
  };
  await lab.down();
  console.log(JSON.stringify({ ...said, after: vsctl('list-br'), daemons: lab.daemons() }));
} finally {
  await lab.end();
}
