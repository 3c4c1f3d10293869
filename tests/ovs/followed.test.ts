/** What the proof says of ports of Open vSwitch, and what they do. */
import { expect, test } from 'vitest';
import { at } from '../../src/observe/network.fixture.ts';
import { responseTo } from '../../src/proof/path/answer.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import { follow } from '../../src/proof/path/follow.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import type { OvsPort, OvsVlan } from '../../src/resource/ovs-port.ts';
import { inLab, type Lab } from './lab.ts';

const LEFT = { red: 11, blue: 12, none: 13 } as const;
const RIGHT = { red: 21, blue: 22, none: 23 } as const;
const addressOf = (number: number): string => `10.0.0.${number}`;

/** Two switches, each with a machine in VLAN 100, one in 200, and one without a VLAN, and what is between them. */
function network(lab: Lab, between: readonly Resource[]): readonly Resource[] {
  const machines = (side: string, numbers: Readonly<Record<'red' | 'blue' | 'none', number>>, bridge: string): readonly Resource[] => [
    ...lab.machine(`${side}red`, numbers.red, bridge, { mode: 'access', tag: 100 }),
    ...lab.machine(`${side}blue`, numbers.blue, bridge, { mode: 'access', tag: 200 }),
    ...lab.machine(`${side}none`, numbers.none, bridge, { mode: 'trunk', trunks: [] }),
  ];
  return [
    ...lab.fabric(),
    lab.switch('sw1'),
    lab.switch('sw2', { mac: '02:00:00:00:0f:02' }),
    ...machines('l', LEFT, 'sw1'),
    ...machines('r', RIGHT, 'sw2'),
    ...between,
  ];
}

const patch = (lab: Lab, [left, right]: readonly [OvsVlan, OvsVlan]): readonly OvsPort[] => [
  lab.port('sw1', 'to2', { interface: { type: 'patch', peer: 'to1' }, vlan: left }),
  lab.port('sw2', 'to1', { interface: { type: 'patch', peer: 'to2' }, vlan: right }),
];

/** Whom each machine of the left reaches on the right. */
function reached(lab: Lab): readonly string[] {
  const targets = Object.values(RIGHT).map(addressOf).join(' ');
  const all = `for to in ${targets}; do ping -c 1 -W 1 $to > /dev/null && echo $to & done; wait`;
  return Object.keys(LEFT).flatMap((name) => {
    const said = lab.in(`l${name}`, 'sh', '-c', `${all}; true`).trim().split('\n').filter(Boolean);
    return said.sort().map((to) => `${name} ${to}`);
  });
}

function followed(lab: Lab, resources: readonly Resource[]): readonly string[] {
  const run = { model: modelOf(resources), trackings: new Map() };
  const isAnswered = (from: string, to: string): boolean => {
    const there = follow(run, lab.namespace(from), { family: 4, destination: at(to), protocol: 1, icmpType: 8 });
    const response = there.ending.kind === 'delivered' ? responseTo(there) : undefined;
    return response !== undefined && follow(run, response.at, response.opening).ending.kind === 'delivered';
  };
  return Object.keys(LEFT).flatMap((name) =>
    Object.values(RIGHT)
      .map(addressOf)
      .flatMap((to) => (isAnswered(`l${name}`, to) ? [`${name} ${to}`] : [])),
  );
}

const access = (tag: number): OvsVlan => ({ mode: 'access', tag });
const trunk = (...trunks: readonly number[]): OvsVlan => ({ mode: 'trunk', trunks });
const native = (mode: 'native-tagged' | 'native-untagged', tag: number, ...trunks: readonly number[]): OvsVlan => ({ mode, tag, trunks });

const between: readonly (readonly [OvsVlan, OvsVlan])[] = [
  [trunk(), trunk()],
  [trunk(100), trunk()],
  [trunk(0, 200), trunk()],
  [trunk(), access(100)],
  [access(100), access(200)],
  [access(100), trunk(100)],
  [native('native-untagged', 100, 200), native('native-untagged', 100, 200)],
  [native('native-untagged', 100, 200), trunk(100, 200)],
  [native('native-tagged', 100, 200), trunk(100, 200)],
  [native('native-tagged', 100, 200), native('native-untagged', 100, 200)],
  [native('native-untagged', 100, 200), native('native-untagged', 200, 100)],
  [native('native-tagged', 100, 200), native('native-untagged', 200, 100)],
];

test('who reaches whom through ports of any mode is as the proof has it', () =>
  inLab(async (lab) => {
    for (const pair of between) {
      const resources = network(lab, patch(lab, pair));
      await lab.up(resources);
      const predicted = followed(lab, resources);
      // A changed port has its ways learned anew, and a switch in user space takes its time under load.
      await expect.poll(() => ({ pair, reached: reached(lab) }), { timeout: 20_000 }).toEqual({ pair, reached: predicted });
    }
  }));

test('what a port does that the proof has no words for is an error', () =>
  inLab(async (lab) => {
    for (const one of [
      patch(lab, [{ mode: 'dot1q-tunnel', tag: 100, trunks: [] }, trunk()]),
      patch(lab, [native('native-tagged', 100), trunk()]),
    ])
      expect(() => followed(lab, network(lab, one))).toThrow('which the proof does not follow');
    const [half] = patch(lab, [trunk(), trunk()]);
    expect(followed(lab, network(lab, half === undefined ? [] : [half]))).toEqual([]);
  }));
