import { expect, test } from 'vitest';
import { flowCounts } from '../../src/backend/ovs/counters.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import type { Flow, OpenFlow } from '../../src/resource/openflow.ts';
import { inLab, type Lab } from './lab.ts';

const dropWeb: Flow = { table: 0, priority: 1000, match: { tcp: '', in_port: 'web3.lan', tp_dst: '80' }, actions: [] };
const normal: Flow = { table: 0, priority: 0, match: {}, actions: ['NORMAL'] };

const flowsOf = (lab: Lab, flows: readonly Flow[], groups: OpenFlow['groups'] = []): OpenFlow => ({
  kind: 'openflow',
  origin: [],
  namespace: lab.namespace(),
  switch: 'sw',
  flows,
  groups,
  ports: ['web1.lan', 'web3.lan'],
});

const twoMachines = (lab: Lab): readonly Resource[] => [
  ...lab.fabric(),
  lab.switch('sw'),
  ...lab.machine('web1', 1, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web3', 3, 'sw', { mode: 'access', tag: 100 }),
];

const asksForWeb = (lab: Lab): string =>
  lab.in('web3', 'python3', '-c', "import socket\ns = socket.socket()\ns.settimeout(1.5)\nprint(s.connect_ex(('10.0.0.1', 80)))").trim();

test('a rule drops what it says and counts the packets that it dropped; what it does not say passes', () =>
  inLab(async (lab) => {
    const openflow = flowsOf(lab, [dropWeb, normal]);
    const desired = [...twoMachines(lab), openflow];
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web3', '10.0.0.1')).toBe(true);
    // The first SYN and the one after a second.
    expect(asksForWeb(lab)).toBe('11');
    const counts = await flowCounts({ home: lab.home, bottle: lab.bottle }, openflow);
    expect(counts.get(dropWeb)?.packets).toBe(2);
    // Without the rule it is refused, for nobody listens.
    await lab.up([...twoMachines(lab), flowsOf(lab, [normal])]);
    expect(asksForWeb(lab)).toBe('111');
  }));

test('what others do to the flows is found and put right, and flows that stayed go on counting', () =>
  inLab(async (lab) => {
    const balance = { id: 1, type: 'select', buckets: [{ weight: 10, actions: ['output:web1.lan'] }] } as const;
    const openflow = flowsOf(
      lab,
      [dropWeb, { table: 0, priority: 900, match: { udp: '', nw_dst: '10.0.0.1/24' }, actions: ['group:1'] }, normal],
      [balance],
    );
    const desired = [...twoMachines(lab), openflow];
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web3', '10.0.0.1')).toBe(true);
    const ofctl = (...args: readonly string[]): string => lab.tool('', 'ovs-ofctl', '-O', 'OpenFlow14', ...args);
    ofctl('add-flow', 'sw', 'priority=5000,arp,actions=drop');
    ofctl('mod-flows', 'sw', 'tcp,tp_dst=80,actions=NORMAL');
    ofctl('mod-group', 'sw', 'group_id=1,type=select,bucket=actions=drop');
    const [change] = await lab.plan(desired);
    expect(change).toMatchObject({ identity: `openflow:${lab.bottle}/sw`, action: 'update', effect: 'live' });
    expect(change?.differences.map(({ field, before }) => ({ field, before }))).toEqual([
      {
        field: 'flows',
        before: 'table=0,priority=5000,arp actions=drop; table=0,priority=1000,tcp,in_port=web3.lan,tp_dst=80 actions=NORMAL',
      },
      { field: 'groups', before: 'group_id=1,type=select,bucket=actions=drop' },
    ]);
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(ofctl('dump-flows', 'sw')).not.toContain('arp');
    const counts = await flowCounts({ home: lab.home, bottle: lab.bottle }, openflow);
    expect(counts.get(openflow.flows[2] ?? normal)?.packets).toBeGreaterThan(3);
    ofctl('del-flows', 'sw');
    await lab.up(desired);
    expect(lab.pings('web3', '10.0.0.1')).toBe(true);
  }));

test('flows of which the switch refuses one change nothing', () =>
  inLab(async (lab) => {
    const desired = [...twoMachines(lab), flowsOf(lab, [dropWeb, normal])];
    await lab.up(desired);
    const wrong = flowsOf(lab, [{ table: 0, priority: 1, match: {}, actions: ['group:77'] }]);
    await expect(lab.up([...twoMachines(lab), wrong])).rejects.toMatchObject({ code: 'openflow-refused', message: /BAD_OUT_GROUP/ });
    expect(await lab.plan(desired)).toEqual([]);
  }));

test('a port that is made anew has the flows that name it made anew', () =>
  inLab(async (lab) => {
    const desired = [...twoMachines(lab), flowsOf(lab, [dropWeb, normal])];
    await lab.up(desired);
    lab.in('', 'ip', 'link', 'del', 'web3.lan');
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(asksForWeb(lab)).toBe('11');
    expect(lab.pings('web3', '10.0.0.1')).toBe(true);
  }));

test('without its rules a switch forwards like any other', () =>
  inLab(async (lab) => {
    await lab.up([...twoMachines(lab), flowsOf(lab, [{ ...normal, actions: [] }])]);
    expect(lab.pings('web3', '10.0.0.1')).toBe(false);
    await lab.up(twoMachines(lab));
    // The kernel does not ask for a neighbour again at once that has just not answered.
    await expect.poll(() => lab.pings('web3', '10.0.0.1')).toBe(true);
    expect(await lab.plan(twoMachines(lab))).toEqual([]);
  }));
