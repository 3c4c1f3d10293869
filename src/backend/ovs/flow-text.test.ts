import { expect, test } from 'vitest';
import { cookieOf, flowLine, parseFlow, parseGroup, strictMatch } from './flow-text.ts';

const drop = { table: 0, priority: 1000, match: { tcp: '', in_port: 'web3.lan', tp_dst: '80' }, actions: [] };

test('a flow is written with a cookie by which it is known again', () => {
  expect(flowLine(drop)).toBe(`cookie=0x${cookieOf(drop)},table=0,priority=1000,tcp,in_port=web3.lan,tp_dst=80 actions=drop`);
  expect(cookieOf(drop)).toMatch(/^6e62[0-9a-f]{12}$/);
  expect(cookieOf({ ...drop, priority: 999 })).not.toBe(cookieOf(drop));
  expect(strictMatch(drop)).toBe('table=0,priority=1000,tcp,in_port=web3.lan,tp_dst=80');
});

test('lines of dump-flows are read with their counters', () => {
  const line =
    ' cookie=0x6e62000000000001, duration=0.122s, table=0, n_packets=2, n_bytes=148, idle_timeout=60, priority=1000,tcp,in_port="web3.lan",tp_dst=80 actions=drop';
  expect(parseFlow(line)).toEqual({ flow: drop, cookie: '6e62000000000001', packets: 2, bytes: 148 });
});

test('lines of diff-flows are read, actions with commas of their own too', () => {
  expect(
    parseFlow(
      'table=1 priority=900,ip,nw_src=10.0.0.0/24 cookie=0x1 actions=ct(commit,zone=1,nat(src=10.0.0.1)),output:"w2.lan",resubmit(,1)',
    ),
  ).toMatchObject({
    flow: {
      table: 1,
      priority: 900,
      match: { ip: '', nw_src: '10.0.0.0/24' },
      actions: ['ct(commit,zone=1,nat(src=10.0.0.1))', 'output:w2.lan', 'resubmit(,1)'],
    },
    cookie: '0000000000000001',
  });
  expect(parseFlow('priority=0 actions=NORMAL').flow).toEqual({ table: 0, priority: 0, match: {}, actions: ['NORMAL'] });
  expect(parseFlow('tcp actions=drop').flow.priority).toBe(32768);
});

test('lines of dump-groups are read', () => {
  expect(
    parseGroup(
      ' group_id=1,type=select,bucket=bucket_id:0,weight:10,actions=output:"w1.lan",bucket=bucket_id:1,weight:5,actions=output:"w2.lan",NORMAL',
    ),
  ).toEqual({
    id: 1,
    type: 'select',
    buckets: [
      { weight: 10, actions: ['output:w1.lan'] },
      { weight: 5, actions: ['output:w2.lan', 'NORMAL'] },
    ],
  });
  expect(parseGroup('group_id=7,type=ff,bucket=watch_port:"a.b",actions=drop')).toEqual({
    id: 7,
    type: 'ff',
    buckets: [{ watchPort: 'a.b', actions: [] }],
  });
  expect(parseGroup('OFPST_GROUP_DESC reply (OF1.4) (xid=0x2):')).toBeUndefined();
});
