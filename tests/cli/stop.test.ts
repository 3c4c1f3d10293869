import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { bottleIn, sh, write } from './bottle.ts';

const text = `name: lab
networks:
  front: { subnet: 10.1.0.0/24, mode: nat }
  back: { subnet: 10.2.0.0/24 }
links:
  wire: { subnet: 10.9.0.0/31, ends: { gate: auto, db: auto } }
routers:
  gate: { networks: { front: 10.1.0.2, back: 10.2.0.1 } }
machines:
  web: { networks: { front: 10.1.0.10 }, listen: [http], run: exec sleep 1001 }
  db: { networks: { back: 10.2.0.10 }, listen: [ssh] }
  alice: { networks: { back: 10.2.0.11 } }
forwards:
  host tcp/8080: web:80
expect:
  alice -> web: http
  alice -> db: [ping, ssh]
  back -> gate: ping
`;

interface Verdict {
  readonly promise: string;
  readonly state: string;
  readonly reason?: string;
  readonly stopped: readonly string[];
}

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
let before: HostState;
beforeAll(async () => {
  before = await host.state();
});
beforeEach(() => bottle.ok('up', write(host, text)));
afterEach(async () => {
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

const pid = async (): Promise<string> => await sh(host, "pgrep -xf 'sleep 1001' || :");

test('a machine that is stopped is gone with all that is its own, and the rest runs on', async () => {
  const process = await pid();
  await bottle.ok('stop', '-y', '-b', 'lab', 'db');
  expect(await sh(host, 'ip netns list')).not.toContain('lab.db');
  expect(await sh(host, 'ip -n lab -br link')).not.toContain('db.back');
  // The cable between the two went with it.
  expect(await sh(host, 'ip -n lab.gate -br link')).not.toContain('wire');
  expect(await bottle.sh('lab', 'alice', 'ping -c 1 web >/dev/null && echo there')).toBe('there\n');
  expect(await pid()).toBe(process);
  await bottle.ok('start', '-b', 'lab', 'db');
  expect(await bottle(['plan', 'bottle.yaml'])).toMatchObject({ status: 0 });
  await bottle.ok('verify', 'lab');
});

test('its forwarded ports are closed while it is stopped', async () => {
  const open = (): Promise<string> => sh(host, 'nft list table inet netbottle-lab');
  expect(await open()).toMatch(/8080/);
  await bottle.ok('stop', '-y', '-b', 'lab', 'web');
  expect(await open()).not.toMatch(/8080/);
  await bottle.ok('start', '-b', 'lab', 'web');
  expect(await open()).toMatch(/8080/);
});

test('every command knows of it', async () => {
  await bottle.ok('stop', '-y', '-b', 'lab', 'web', 'db');
  expect(await bottle.ok('ls')).toMatch(/up, 2 stopped/);
  expect(await bottle.json(0, 'ls')).toMatchObject({ bottles: [{ state: 'up', stopped: ['web', 'db'] }] });
  expect(await bottle.ok('show', '-b', 'lab', 'web')).toMatch(/web machine {2}stopped/);
  expect(await bottle(['exec', '-b', 'lab', 'web', '--', 'true'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('web is stopped'),
  });
  const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, 'verify', 'lab');
  expect(verdicts.map(({ promise, state, reason, stopped }) => ({ promise, state, reason, stopped }))).toEqual([
    { promise: 'alice -> web', state: 'not-measured', reason: 'web is stopped', stopped: ['web'] },
    { promise: 'alice -> db', state: 'not-measured', reason: 'db is stopped', stopped: ['db'] },
    { promise: 'back -> gate', state: 'held', reason: undefined, stopped: ['db'] },
  ]);
  const { changes } = await bottle.json<{ changes: { identity: string }[] }>(2, 'plan', 'bottle.yaml');
  expect(changes.map(({ identity }) => identity)).toEqual(expect.arrayContaining(['namespace:lab.web', 'namespace:lab.db']));
});

test('up starts everything again', async () => {
  await bottle.ok('stop', '-y', '-b', 'lab', 'web', 'gate');
  await bottle.ok('up', 'bottle.yaml');
  expect(await bottle.json(0, 'ls')).toMatchObject({ bottles: [{ stopped: [] }] });
});

test('what is stopped or running already, or unknown, changes nothing', async () => {
  expect(await bottle.json(0, 'start', '-b', 'lab', 'web')).toMatchObject({ kind: 'start', changes: [] });
  await bottle.ok('stop', '-y', '-b', 'lab', 'web');
  expect(await bottle.json(0, 'stop', '-b', 'lab', 'web')).toMatchObject({ kind: 'stop', changes: [] });
  expect(await bottle(['stop', '-y', '-b', 'lab', 'wbe'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('did you mean web?'),
  });
  expect(await bottle(['stop', '-b', 'lab', 'db'])).toMatchObject({ status: 4 });
  expect(await sh(host, 'ip netns list')).toContain('lab.db');
});
