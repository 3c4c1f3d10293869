import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkNames } from '../../src/engine/change/change.ts';
import { diff } from '../../src/plan/diff.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { inLab, type Lab } from './lab.ts';

const twoMachines = (lab: Lab): readonly Resource[] => [
  ...lab.fabric(),
  lab.switch('sw'),
  ...lab.machine('web1', 1, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web3', 3, 'sw', { mode: 'access', tag: 100 }),
];

const vsctl = (lab: Lab, ...args: readonly string[]): string => lab.tool('', 'ovs-vsctl', ...args);

test('what others change of a switch is found and put right', () =>
  inLab(async (lab) => {
    const desired = [
      ...twoMachines(lab),
      { kind: 'address', origin: [], namespace: lab.namespace(), device: 'sw', address: '10.0.0.254/24' } as const,
    ];
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    vsctl(lab, 'set', 'port', 'web1.lan', 'tag=7', '--', 'set', 'bridge', 'sw', 'fail_mode=secure', 'other_config:mac-aging-time=10');
    vsctl(lab, 'del-port', 'web3.lan');
    lab.in('', 'ip', 'link', 'set', 'sw', 'down');
    expect((await lab.plan(desired)).map(({ identity, action }) => `${action} ${identity.split(':')[0]}`)).toEqual([
      'update ovs-switch',
      'update ovs-port',
      'create ovs-port',
    ]);
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web1', '10.0.0.3')).toBe(true);
  }));

test('what bears no mark is left alone, and its names are taken', () =>
  inLab(async (lab) => {
    const desired = twoMachines(lab);
    await lab.up(desired);
    vsctl(lab, 'add-br', 'theirs', '--', 'set', 'bridge', 'theirs', 'datapath_type=netdev');
    vsctl(lab, 'add-port', 'sw', 'guest', '--', 'set', 'interface', 'guest', 'type=internal');
    vsctl(lab, 'set', 'bridge', 'sw', 'other_config:mcast-snooping-table-size=1024', 'external_ids:note=theirs');
    expect(await lab.plan(desired)).toEqual([]);
    await lab.up([...desired, lab.port('sw', 'more', { interface: { type: 'internal', mac: '02:00:00:00:00:77' } })]);
    expect(vsctl(lab, 'list-ports', 'sw').split('\n')).toContain('guest');
    expect(vsctl(lab, 'get', 'bridge', 'sw', 'other_config:mcast-snooping-table-size').trim()).toBe('"1024"');
    const wanted = [
      ...desired,
      lab.switch('theirs'),
      lab.port('sw', 'guest', { interface: { type: 'internal', mac: '02:00:00:00:00:78' } }),
    ];
    const observed = await lab.observe(wanted);
    expect(() => checkNames(diff(lab.bottle, wanted, observed.resources), observed.taken)).toThrow(
      expect.objectContaining({
        code: 'name-taken',
        details: [
          `${lab.bottle}/theirs is a bridge of Open vSwitch that Netbottle did not make`,
          `${lab.bottle}/guest is a port of Open vSwitch that Netbottle did not make`,
        ],
      }),
    );
    await lab.up(lab.fabric());
    expect(vsctl(lab, 'list-br').trim()).toBe('theirs');
  }));

test('daemons that were killed are seen, and run again with all that they had', () =>
  inLab(async (lab) => {
    const desired = [
      ...twoMachines(lab),
      { kind: 'address', origin: [], namespace: lab.namespace(), device: 'sw', address: '10.0.0.254/24' } as const,
    ];
    await lab.up(desired);
    vsctl(lab, 'add-br', 'theirs', '--', 'set', 'bridge', 'theirs', 'datapath_type=netdev');
    for (const pid of lab.daemons()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => lab.daemons()).toEqual([]);
    expect((await lab.plan(desired)).find(({ identity }) => identity.startsWith('open-vswitch'))).toMatchObject({
      action: 'update',
      differences: [{ field: 'daemons', before: 'ended', after: 'running' }],
    });
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web1', '10.0.0.3')).toBe(true);
    expect(vsctl(lab, 'list-br').split('\n')).toContain('theirs');
  }));

test('a switch daemon that crashes is started again by its monitor', () =>
  inLab(async (lab) => {
    await lab.up(twoMachines(lab));
    const pid = lab.pid('ovs-vswitchd');
    process.kill(pid, 'SIGSEGV');
    await expect.poll(() => lab.pid('ovs-vswitchd')).not.toBe(pid);
    await expect.poll(() => lab.pings('web1', '10.0.0.3')).toBe(true);
  }));

test('a bottle whose namespaces somebody took away comes back, and goes without a trace', () =>
  inLab(async (lab) => {
    const desired = twoMachines(lab);
    await lab.up(desired);
    lab.unmount('');
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web1', '10.0.0.3')).toBe(true);
    expect(lab.daemons()).toHaveLength(4);
    await lab.down();
    expect(lab.daemons()).toEqual([]);
    expect(existsSync(`${lab.directory}/ovs/${lab.namespace()}`)).toBe(false);
  }));

test('what a daemon refuses is told in its words', () =>
  inLab(async (lab) => {
    const port = { ...lab.port('sw', 'nothing'), interface: { type: 'device' } as const };
    await expect(lab.up([...lab.fabric(), lab.switch('sw'), port])).rejects.toMatchObject({
      code: 'ovs-interface',
      message: expect.stringContaining('could not open network device nothing (No such device)'),
    });
  }));
