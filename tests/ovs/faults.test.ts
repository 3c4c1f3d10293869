import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apply, stepCount } from '../../src/plan/apply.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { inLab, type Lab } from './lab.ts';

/**
 * Between the two switches. Not patch ports: Open vSwitch 3.1 aborts when two of its bridges that both have RSTP are joined by them
 * (lib/rstp.c takes a lock that it has).
 */
function cable(lab: Lab, number: number): readonly Resource[] {
  const end = (device: string, mac: number) =>
    ({ namespace: lab.namespace(), device, mac: `02:00:00:00:0${mac}:0${number}`, checksumOffload: false, up: true }) as const;
  return [
    { kind: 'veth', origin: [], name: `cable/${number}`, ends: [end(`to-sw2-${number}`, 8), end(`to-sw-${number}`, 9)], mtu: 1500 },
    lab.port('sw', `to-sw2-${number}`),
    lab.port('sw2', `to-sw-${number}`),
  ];
}

const desiredIn = (lab: Lab): readonly Resource[] => [
  ...lab.fabric(),
  lab.switch('sw', { spanningTree: 'rstp' }),
  lab.switch('sw2', { spanningTree: 'rstp', mac: '02:00:00:00:0f:02' }),
  ...[1, 2].flatMap((i) => cable(lab, i)),
  ...lab.machine('web1', 1, 'sw', { mode: 'access', tag: 100 }),
  ...lab.machine('web3', 3, 'sw2', { mode: 'access', tag: 100 }),
];

test('two switches with two cables between them forward by one of them', () =>
  inLab(async (lab) => {
    const desired = desiredIn(lab);
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    await expect.poll(() => lab.pings('web1', '10.0.0.3')).toBe(true);
    const roles = ['to-sw-1', 'to-sw-2', 'to-sw2-1', 'to-sw2-2'].map((port) =>
      lab.tool('', 'ovs-vsctl', 'get', 'port', port, 'rstp_status:rstp_port_role').trim(),
    );
    expect(roles.sort()).toEqual(['Alternate', 'Designated', 'Designated', 'Root']);
  }));

test('wherever the making of switches breaks off, the next one finishes it and a removal leaves nothing', () =>
  inLab(async (lab) => {
    const desired = desiredIn(lab);
    const steps = stepCount({ bottle: lab.bottle, changes: await lab.plan(desired), unchanged: 0 });
    for (let at = 0; at < steps; at += 2) {
      const changes = await lab.plan(desired);
      const fault = {
        at,
        act: () => {
          throw new Error('on purpose');
        },
      };
      await expect(apply({ bottle: lab.bottle, changes, unchanged: 0 }, lab.backends, () => undefined, fault)).rejects.toThrow(
        'on purpose',
      );
      if (at % 4 === 0) {
        await lab.up(desired);
        expect(await lab.plan(desired)).toEqual([]);
      }
      await lab.down();
      expect((await lab.observe([])).resources).toEqual([]);
      expect(lab.daemons()).toEqual([]);
      expect(existsSync(`${lab.directory}/ovs/${lab.namespace()}`)).toBe(false);
    }
  }));
