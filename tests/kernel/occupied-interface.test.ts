import { beforeAll, beforeEach, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';

const file = (name: string, attach: string, subnet = '10.4.0.0/24'): string =>
  `name: ${name}\nnetworks: { lan: { subnet: ${subnet}, mode: bridged, attach: { ${attach} } } }\nmachines: { box: { networks: { lan: auto } } }\n`;
const byVeth = file('lab', 'interface: eth1, by: veth');

const host = hostForAll();
const bottle = bottleIn(host);
let before: HostState;
beforeAll(async () => {
  await sh(host, 'ip link add eth1 index 7777 type veth peer name far1; ip netns add elsewhere');
});
beforeEach(async () => {
  before = await host.state();
});

/** Expects that `up` finds it before it has changed anything, and says who is in the way. */
async function refused(text: string, who: string): Promise<void> {
  const there = await host.state();
  const { code, details } = await bottle.json<{ code: string; details: string[] }>(1, 'up', '-y', write(host, text));
  expect([code, details]).toEqual(['host-lacks', [expect.stringContaining(who)]]);
  expect(differences(there, await host.state())).toEqual([]);
}

test.each([
  ['on the host', 'ip link add link eth1 name mv0 type macvlan mode bridge', 'ip link del mv0'],
  ['in a namespace', 'ip link add link eth1 name mv0 netns elsewhere type macvlan mode bridge', 'ip -n elsewhere link del mv0'],
])("somebody's macvlan device %s keeps an interface from being joined by a cable", async (_where, add, remove) => {
  await sh(host, add);
  await refused(byVeth, 'eth1 cannot be joined `by: veth`: macvlan mv0 ');
  await sh(host, remove);
  await bottle.ok('up', write(host, byVeth));
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

test("another bottle's do as well, and its own only where they stay", async () => {
  await bottle.ok('up', write(host, file('other', 'interface: eth1', '10.5.0.0/24')));
  await refused(byVeth, 'macvlan lan of bottle other');
  await bottle.ok('down', '-y', 'other');
  await bottle.ok('up', write(host, file('lab', 'interface: eth1')));
  await refused(
    `${file('lab', 'interface: eth1').replace('networks: { ', 'networks: { more: { subnet: 10.6.0.0/24, mode: bridged, attach: { interface: eth1, by: veth } }, ').replace('lan: auto', 'lan: auto, more: auto')}`,
    'lan of lab.box',
  );
  await bottle.ok('up', '-y', write(host, byVeth));
  expect(await sh(host, 'ip -o link show eth1')).toContain('master lab-lan');
  await bottle.ok('up', '-y', write(host, file('lab', 'interface: eth1')));
  // A machine that goes, and its namespace with it, has let go of the interface before the next takes it.
  await bottle.ok('up', '-y', write(host, byVeth.replace('box:', 'crate:')));
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

test('the same number in another namespace is another interface', async () => {
  await sh(host, 'ip -n elsewhere link add low index 7777 type veth peer name high');
  await sh(host, 'ip netns add third; ip -n elsewhere link add link low name mv0 netns third type macvlan');
  await bottle.ok('up', write(host, byVeth));
  await bottle.ok('down', '-y', 'lab');
  await sh(host, 'ip netns del third; ip -n elsewhere link del low');
});

test('an interface that is a port of a bridge takes no macvlan devices', async () => {
  await sh(host, 'ip link add br1 type bridge; ip link set eth1 master br1');
  await refused(file('lab', 'interface: eth1'), 'eth1 is a port of a bridge');
  await sh(host, 'ip link del br1');
});
