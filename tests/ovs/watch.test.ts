import { expect, test } from 'vitest';
import { bottleDirectory } from '../../src/backend/home.ts';
import { changeMark } from '../../src/backend/ovs/change-mark.ts';
import type { Context } from '../../src/engine/context.ts';
import { writeState } from '../../src/engine/state.ts';
import type { WatchEvent } from '../../src/engine/watch/look.ts';
import { watch } from '../../src/engine/watch/watch.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { inLab, type Lab } from './lab.ts';

const desiredIn = (lab: Lab): readonly Resource[] => [
  ...lab.fabric(),
  lab.switch('sw'),
  ...lab.machine('web1', 1, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web3', 3, 'sw', { mode: 'access', tag: 100 }),
  {
    kind: 'openflow',
    origin: [],
    namespace: lab.namespace(),
    switch: 'sw',
    flows: [{ table: 0, priority: 0, match: {}, actions: ['NORMAL'] }],
    groups: [],
    ports: [],
  },
];

test('a watch repairs what others do to switches, ports and flows, and daemons that end', () =>
  inLab(async (lab) => {
    const { home, bottle, backends } = lab;
    const desired = desiredIn(lab);
    await lab.up(desired);
    writeState(home, { bottle, source: `${bottleDirectory(home, bottle)}/x.yaml`, file: { name: bottle }, resources: desired, since: '' });
    const stop = new AbortController();
    const context: Context = { home, backends, report: () => undefined, agree: async () => true, signal: stop.signal };
    const events: WatchEvent[] = [];
    const watching = watch(context, bottle, (event) => void events.push(event));
    /** Identities that were repaired since the last time. */
    const repaired = (): readonly string[] =>
      events.flatMap((event) => (event.event === 'repaired' ? event.changes.map(({ identity }) => identity) : []));
    try {
      await expect.poll(() => events.map(({ event }) => event)).toContain('watching');
      const breakages: readonly (readonly [string, () => void])[] = [
        [`ovs-port:${bottle}/web1.lan`, () => lab.tool('', 'ovs-vsctl', 'set', 'port', 'web1.lan', 'tag=7')],
        [`openflow:${bottle}/sw`, () => lab.tool('', 'ovs-ofctl', '-O', 'OpenFlow14', 'add-flow', 'sw', 'priority=9,actions=drop')],
        [`ovs-switch:${bottle}/sw`, () => lab.in('', 'ip', 'link', 'set', 'sw', 'down')],
        [`veth:web3/lan`, () => lab.in('', 'ip', 'link', 'del', 'web3.lan')],
        [`open-vswitch:${bottle}`, () => process.kill(lab.pid('ovsdb-server'), 'SIGKILL')],
        [`ovs-switch:${bottle}/sw`, () => lab.tool('', 'ovs-vsctl', 'del-br', 'sw')],
      ];
      for (const [identity, act] of breakages) {
        events.length = 0;
        act();
        await expect.poll(repaired).toContain(identity);
        await expect.poll(() => lab.plan(desired)).toEqual([]);
      }
      await expect.poll(() => lab.pings('web1', '10.0.0.3')).toBe(true);
    } finally {
      stop.abort();
      await watching;
    }
  }));

test('what a watch goes by is another after every change, and the same while packets pass and others only look', () =>
  inLab(async (lab) => {
    await lab.up(desiredIn(lab));
    const mark = (): Promise<string> => changeMark({ home: lab.home, bottle: lab.bottle }, lab.namespace());
    const marks = [await mark()];
    expect(lab.pings('web1', '10.0.0.3')).toBe(true);
    lab.tool('', 'ovs-ofctl', '-O', 'OpenFlow14', 'dump-flows', 'sw');
    lab.tool('', 'ovs-vsctl', 'show');
    expect(await mark()).toBe(marks[0]);
    for (const act of [
      () => lab.tool('', 'ovs-ofctl', '-O', 'OpenFlow14', 'add-flow', 'sw', 'priority=9,actions=drop'),
      () => lab.tool('', 'ovs-ofctl', '-O', 'OpenFlow14', 'add-group', 'sw', 'group_id=1,type=all,bucket=actions=drop'),
      () => lab.tool('', 'ovs-vsctl', 'set', 'port', 'web1.lan', 'tag=7'),
      () => process.kill(lab.pid('ovs-vswitchd'), 'SIGKILL'),
    ]) {
      act();
      const before = marks.at(-1);
      await expect.poll(mark).not.toBe(before);
      marks.push(await mark());
    }
  }));
