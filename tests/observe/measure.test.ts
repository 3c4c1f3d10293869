import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measure } from '../../src/observe/measure.ts';
import { network, node, nodes, promise } from '../../src/observe/network.fixture.ts';
import { questionsOf } from '../../src/observe/questions.ts';
import { verdictsOf } from '../../src/observe/verdict.ts';
import { type Topology, topology } from './topology.ts';

describe('a hundred machines on one switch', () => {
  const names = Array.from({ length: 100 }, (_, index) => `m${index}`);
  const addresses = (index: number): readonly string[] => [`10.0.0.${index + 1}`, `fd00::${(index + 1).toString(16)}`];
  const machines = names.map((name, index) => node(name, { lan: addresses(index) }));
  /** Each asks its neighbours, so that the host's table of neighbours, 1,024 entries unless raised, is large enough. */
  const promises = names.flatMap((name, index) => {
    const next = (distance: number): string => names[(index + distance) % names.length] ?? name;
    return [1, 2].flatMap((distance) => [
      promise(nodes(name, [name]), nodes(next(distance), [next(distance)]), 'at-least', 'tcp/8080', 'udp/8080', 'icmp'),
      promise(nodes(name, [name]), nodes(next(distance), [next(distance)]), 'at-least', 'tcp/22', 'udp/53'),
    ]);
  });
  const lan = network(machines, promises);
  let net: Topology;

  beforeAll(() => {
    net = topology();
    net.add('switch', ...names);
    net.ip('switch', 'link add br0 type bridge', 'link set br0 up');
    for (const [index, name] of names.entries()) {
      const [ipv4, ipv6] = addresses(index);
      net.cable({ node: name, device: 'eth0', addresses: [`${ipv4}/24`, `${ipv6}/64`] }, { node: 'switch', device: `p${index}` });
    }
    net.ip('switch', ...names.map((_, index) => `link set p${index} master br0`));
  });
  afterAll(() => net.remove());

  test('four hundred promises in two thousand exchanges hold', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const questions = questionsOf(lan);
    const start = performance.now();
    const outcomes = await measure(questions, { namespacePath: net.path });
    console.log(`${outcomes.flat().length} exchanges of ${questions.length} promises in ${Math.round(performance.now() - start)} ms`);
    const broken = verdictsOf(lan, questions, outcomes).filter(({ state }) => state !== 'held');
    expect(broken.flatMap(({ failures }) => failures.map(({ text }) => text))).toEqual([]);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('promises of nothing are all broken, for the probes would have been answered', async () => {
    const questions = questionsOf(lan, [promise({ kind: 'any' }, nodes('m0', ['m0']), 'nothing')]);
    const outcomes = await measure(questions, { namespacePath: net.path });
    const [verdict] = verdictsOf(lan, questions, outcomes);
    expect(verdict?.total.kept).toBe(0);
    expect(verdict?.total.asked).toBe(99 * 2 * 7);
  });
});
