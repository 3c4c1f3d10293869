import { expect, test } from 'vitest';
import { type OpenFlow, openFlowKind } from './openflow.ts';

const openflow = (more: Partial<OpenFlow>): OpenFlow => ({
  kind: 'openflow',
  origin: [],
  namespace: 'lab',
  switch: 'sw',
  flows: [
    { table: 0, priority: 1000, match: { tcp: '', tp_dst: '80' }, actions: [] },
    { table: 0, priority: 0, match: {}, actions: ['NORMAL'] },
  ],
  groups: [],
  ports: ['web.lan'],
  ...more,
});

test('the order of flows is no difference', () => {
  const { flows } = openflow({});
  expect(openFlowKind.differences(openflow({ flows: flows.toReversed() }), openflow({}))).toEqual([]);
});

test('flows that are missing and flows that are too many are told', () => {
  const [drop, normal] = openflow({}).flows;
  if (drop === undefined || normal === undefined) throw new Error('no flows');
  const there = openflow({ flows: [normal, { ...drop, actions: ['output:2'] }] });
  expect(openFlowKind.differences(there, openflow({}))).toEqual([
    {
      field: 'flows',
      before: 'table=0,priority=1000,tcp,tp_dst=80 actions=output:2',
      after: 'table=0,priority=1000,tcp,tp_dst=80 actions=drop',
      effect: 'live',
    },
  ]);
});

test('a port that is made anew takes the flows that name it along', () => {
  expect(openFlowKind.requires(openflow({}))).toEqual(['ovs-switch:lab/sw', 'ovs-port:lab/web.lan']);
});

test('buckets of groups differ by what they do', () => {
  const group = (actions: readonly string[]): OpenFlow =>
    openflow({ groups: [{ id: 1, type: 'select', buckets: [{ actions, weight: 10 }] }] });
  expect(openFlowKind.differences(group(['output:1']), group(['output:2']))).toMatchObject([
    { before: 'group_id=1,type=select,bucket=weight:10,actions=output:1' },
  ]);
});
