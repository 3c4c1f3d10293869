import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { deliver } from './deliver.ts';
import { honest } from './honest.ts';
import { lies } from './lies.ts';
import { file } from './scene.ts';
import { openWire, type Wire } from './wire.ts';

const host = hostForAll();
const bottle = bottleIn(host);

const namespace = (name: string, machine: string): string => `/proc/${host.pid}/root/run/netbottle/${name}/netns/${name}.${machine}`;

interface Wires {
  readonly eve: Wire;
  readonly bob: Wire;
}

const wires = new Map<string, Wires>();

beforeAll(async () => {
  for (const shared of [true, false]) {
    const name = shared ? 'guarded' : 'open';
    await bottle.ok('up', '--no-verify', write(host, file(name, shared), `${name}.yaml`));
    wires.set(name, { eve: openWire(namespace(name, 'eve'), 'lan'), bob: openWire(namespace(name, 'bob'), 'lan') });
  }
});
afterAll(async () => {
  for (const { eve, bob } of wires.values()) for (const wire of [eve, bob]) wire.close();
});

function arrivals(name: string, frames: readonly Buffer[]): readonly boolean[] {
  const pair = wires.get(name);
  if (pair === undefined) throw new Error(name);
  return deliver(frames, pair.eve, pair.bob);
}

describe('on a shared network', () => {
  test('no lie arrives', () => {
    const arrived = lies.filter(({ frames }) => arrivals('guarded', frames)[0] === true);
    expect(arrived.map(({ name }) => name)).toEqual([]);
  });

  test('everything honest arrives', () => {
    const lost = honest.filter(({ frames }) => arrivals('guarded', frames).includes(false));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  test('machines, router and others reach each other as if nobody watched, also with large datagrams', async () => {
    expect(await bottle.ok('verify', join(host.directory, 'guarded.yaml'))).toContain('2 of 2 promises held');
    for (const to of ['10.0.0.20', 'fd00::20', 'fe80::f0ff:fea9:c44f%lan', '10.0.0.1', 'fd00::1'])
      expect(await bottle.sh('guarded', 'eve', `ping -c 1 -W 5 -s 30000 ${to}`)).toContain('1 received');
    expect(await bottle.sh('guarded', 'eve', 'curl -s -m 9 http://bob')).toContain('bob');
  });
});

describe('on a network that is not shared', () => {
  test('every lie arrives: nobody looks', () => {
    const lost = lies.filter(({ frames }) => arrivals('open', frames).includes(false));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  test('so does what is honest', () => {
    const lost = honest.filter(({ frames }) => arrivals('open', frames).includes(false));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
});
