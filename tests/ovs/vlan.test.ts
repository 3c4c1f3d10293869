import { expect, test } from 'vitest';
import { namespacePath } from '../../src/backend/home.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { openWire } from '../guard/wire.ts';
import { capture } from './capture.ts';
import { inLab, type Lab } from './lab.ts';

const fourMachines = (lab: Lab): readonly Resource[] => [
  ...lab.fabric(),
  lab.switch('sw'),
  ...lab.machine('web1', 1, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web2', 2, 'sw', { mode: 'access', tag: 200 }),
  ...lab.machine('web3', 3, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web4', 4, 'sw', { mode: 'access', tag: 200 }),
];

test('access ports of one tag reach each other, and no others; what was made is there as it was wanted, and goes again', () =>
  inLab(async (lab) => {
    const desired = fourMachines(lab);
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    expect(lab.pings('web1', '10.0.0.3')).toBe(true);
    expect(lab.pings('web2', '10.0.0.4')).toBe(true);
    expect(lab.pings('web1', '10.0.0.2')).toBe(false);
    expect(lab.pings('web3', '10.0.0.4')).toBe(false);
    await lab.down();
    expect((await lab.observe([])).resources).toEqual([]);
    expect(lab.daemons()).toEqual([]);
  }));

/** ARP requests for an address, with VLAN tags or none, from the second machine's side of the wire. */
function arpRequest(target: number, tags: readonly number[]): Buffer {
  const sender = Buffer.from([0x02, 0, 0, 0, 0x01, 0x63]);
  return Buffer.concat([
    Buffer.alloc(6, 0xff),
    sender,
    ...tags.map((tag) => Buffer.from([0x81, 0x00, tag >> 8, tag & 0xff])),
    Buffer.from([0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1]),
    sender,
    Buffer.from([10, 0, 0, 99, 0, 0, 0, 0, 0, 0, 10, 0, 0, target]),
    Buffer.alloc(18),
  ]);
}

test('a trunk carries the tags of its list and no others; a tagged frame into an access port goes nowhere', () =>
  inLab(async (lab) => {
    await lab.up([...fourMachines(lab), ...lab.machine('uplink', 99, 'sw', { mode: 'trunk', trunks: [100, 200] })]);
    const send = (machine: string, frame: Buffer): void => {
      const wire = openWire(namespacePath(lab.home, lab.bottle, lab.namespace(machine)), 'lan');
      wire.send(frame);
      wire.close();
    };
    const [trunk, web1, web2] = [
      await capture(lab, 'uplink', 'lan', ''),
      await capture(lab, 'web1', 'lan', 'arp'),
      await capture(lab, 'web2', 'lan', 'arp'),
    ];
    try {
      // What is broadcast in each VLAN comes out of the trunk with its tag, and answers to what is sent into it do too.
      lab.pings('web1', '10.0.0.77');
      lab.pings('web2', '10.0.0.78');
      await trunk.sees(/vlan 100,.* who-has 10\.0\.0\.77/);
      await trunk.sees(/vlan 200,.* who-has 10\.0\.0\.78/);
      send('uplink', arpRequest(1, [100]));
      await trunk.sees(/vlan 100,.* 10\.0\.0\.1 is-at/);
      expect(web1.lines().join('\n')).not.toContain('vlan');
      // Nothing of these arrives: other VLANs, none, tags within tags, and tags into an access port.
      for (const tags of [[300], [], [100, 200], [4095]]) send('uplink', arpRequest(51, tags));
      for (const tags of [[200], [100, 200], [0, 200]]) send('web1', arpRequest(52, tags));
      // What is sent after them has arrived, so they would have. A frame with VLAN 0 around its tag stays in its port's VLAN.
      send('uplink', arpRequest(53, [200]));
      await web2.sees(/who-has 10\.0\.0\.53/);
      const seen = web2.lines().join('\n');
      expect(seen).not.toMatch(/who-has 10\.0\.0\.5[12]/);
      expect(trunk.lines().join('\n')).not.toMatch(/length \d+: vlan 200,.*who-has 10\.0\.0\.52/);
    } finally {
      await Promise.all([trunk.end(), web1.end(), web2.end()]);
    }
  }));

test('another tag is a live change: nothing else is touched', () =>
  inLab(async (lab) => {
    const desired = fourMachines(lab);
    await lab.up(desired);
    const retagged = desired.map(
      (resource): Resource =>
        resource.kind === 'ovs-port' && resource.name === 'web2.lan' ? { ...resource, vlan: { mode: 'access', tag: 100 } } : resource,
    );
    expect(await lab.plan(retagged)).toMatchObject([{ action: 'update', effect: 'live', identity: `ovs-port:${lab.bottle}/web2.lan` }]);
    await lab.up(retagged);
    expect(lab.pings('web1', '10.0.0.2')).toBe(true);
    expect(lab.pings('web4', '10.0.0.2')).toBe(false);
  }));

test('a mirror copies what its port receives', () =>
  inLab(async (lab) => {
    const desired: readonly Resource[] = [
      ...fourMachines(lab),
      ...lab.machine('ids', 9, 'sw', { mode: 'trunk', trunks: [] }),
      {
        kind: 'ovs-mirror',
        origin: [],
        namespace: lab.namespace(),
        switch: 'sw',
        name: 'tap',
        select: { sources: ['web1.lan'], destinations: [] },
        vlans: [],
        output: { port: 'ids.lan' },
      },
    ];
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    const tap = await capture(lab, 'ids', 'lan', 'icmp');
    try {
      expect(lab.pings('web1', '10.0.0.3')).toBe(true);
      await tap.sees(/10\.0\.0\.1 > 10\.0\.0\.3: ICMP echo request/);
      expect(tap.lines().join('\n')).not.toContain('echo reply');
    } finally {
      await tap.end();
    }
  }));
