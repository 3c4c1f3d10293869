import { expect, test } from 'vitest';
import { plainSwitch } from '../../compile/switching/plain-switch.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { Contents } from './database.ts';
import { readDatabase } from './read-database.ts';
import { Transaction } from './transaction.ts';
import type { Row } from './wire.ts';

const bridge = plainSwitch('lab', 'sw', '02:00:00:00:00:01', []);

const port = (name: string, more: Partial<OvsPort> = {}): OvsPort => ({
  kind: 'ovs-port',
  origin: [],
  namespace: 'lab',
  switch: 'sw',
  name,
  interface: { type: 'device' },
  vlan: { mode: 'access', tag: 100 },
  ...more,
});

const contents = (more: Partial<Contents> = {}): Contents => ({
  Open_vSwitch: new Map([['root', { bridges: ['set', []], next_cfg: 1, cur_cfg: 1 }]]),
  Bridge: new Map(),
  Port: new Map(),
  Interface: new Map(),
  Mirror: new Map(),
  Controller: new Map(),
  ...more,
});

const marked = (bottle: string): Row => ({ external_ids: ['map', [['netbottle', bottle]]] });

/** A bridge of somebody's with one port. */
const withBridge = (bridgeMark: Row, portMark: Row): Contents =>
  contents({
    Bridge: new Map([['b', { name: 'sw', ports: ['set', [['uuid', 'p']]], mirrors: ['set', []], ...bridgeMark }]]),
    Port: new Map([['p', { name: 'a.lan', interfaces: ['uuid', 'i'], tag: 100, vlan_mode: 'access', trunks: ['set', []], ...portMark }]]),
    Interface: new Map([['i', { name: 'a.lan', type: '', options: ['map', []], ...portMark }]]),
  });

test('a switch with its ports is one transaction, in which every row bears the mark', () => {
  const transaction = new Transaction(contents(), 'lab');
  for (const resource of [bridge, port('a.lan'), port('b.lan')]) transaction.make(resource);
  const operations = transaction.operations();
  const inserted = operations.filter(({ op }) => op === 'insert');
  expect(inserted.map(({ table }) => table)).toEqual(['Interface', 'Port', 'Bridge', 'Interface', 'Port', 'Interface', 'Port']);
  for (const { row } of inserted) expect(row).toMatchObject(marked('lab'));
  // All ports of a bridge are put into it at once.
  expect(operations.filter(({ op, table }) => op === 'mutate' && table === 'Bridge')).toHaveLength(1);
});

test('what is there already is changed, and its other settings are left alone', () => {
  const transaction = new Transaction(withBridge(marked('lab'), marked('lab')), 'lab');
  transaction.make(port('a.lan', { vlan: { mode: 'trunk', trunks: [100, 200] } }));
  const operations = transaction.operations();
  expect(operations.map(({ op }) => op)).not.toContain('insert');
  expect(operations[0]).toMatchObject({ op: 'update', table: 'Port', row: { vlan_mode: ['set', ['trunk']], trunks: ['set', [100, 200]] } });
  expect(operations[1]).toMatchObject({
    op: 'mutate',
    mutations: [
      ['other_config', 'delete', expect.anything()],
      ['other_config', 'insert', ['map', []]],
    ],
  });
});

test('what bears no mark, or the mark of another bottle, is not removed', () => {
  for (const mark of [{}, marked('other')]) {
    const transaction = new Transaction(withBridge(mark, mark), 'lab');
    transaction.remove(bridge);
    transaction.remove(port('a.lan'));
    expect(transaction.operations()).toEqual([]);
  }
});

test('what bears no mark is told to be taken', () => {
  expect(readDatabase(withBridge(marked('lab'), {}), 'lab', 'lab')).toMatchObject({
    resources: [{ kind: 'ovs-switch', device: 'sw' }],
    taken: [{ key: 'ovs-port:lab/a.lan', by: 'a port of Open vSwitch that Netbottle did not make' }],
  });
  expect(readDatabase(withBridge(marked('other'), marked('other')), 'lab', 'lab').taken).toMatchObject([
    { key: 'ovs-switch:lab/sw', by: 'bottle other' },
    { key: 'ovs-port:lab/a.lan', by: 'bottle other' },
  ]);
});

test('mirrors name ports that are inserted with them', () => {
  const transaction = new Transaction(contents(), 'lab');
  for (const resource of [bridge, port('a.lan')]) transaction.make(resource);
  transaction.make({
    kind: 'ovs-mirror',
    origin: [],
    namespace: 'lab',
    switch: 'sw',
    name: 'tap',
    select: { sources: ['a.lan'], destinations: [] },
    vlans: [],
    output: { vlan: 5 },
  });
  expect(transaction.operations().find(({ table, op }) => table === 'Mirror' && op === 'insert')).toMatchObject({
    row: { select_src_port: ['set', [['named-uuid', 'row4']]], output_vlan: ['set', [5]] },
  });
});
