import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { namespaceOf } from '../../src/compile/placement.ts';
import { load } from '../../src/engine/load.ts';
import { idleLinesOf } from '../../src/engine/prove/idle-lines.ts';
import { matrix } from '../../src/engine/prove/matrix.ts';
import type { Network } from '../../src/network/network.ts';
import type { Policy } from '../../src/network/policy/policy-line.ts';
import { resolve } from '../../src/network/resolve.ts';
import { addressesOf } from '../../src/observe/ends.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import { exposures } from '../../src/proof/reach/exposure.ts';
import { Ground } from '../../src/proof/reach/ground.ts';
import { Space } from '../../src/proof/reach/space.ts';
import type { BottleFile } from '../../src/spec/schema/bottle.ts';
import { readFile } from '../judge/file.ts';
import { generate } from '../judge/generate.ts';
import { Random } from '../mutation/random.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };
const examples = join(import.meta.dirname, '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('bottle.yaml'));

const without = (network: Network, texts: ReadonlySet<string>): Network => {
  const policy: Policy | undefined = network.policy && {
    ...network.policy,
    lines: network.policy.lines.filter(({ text }) => !texts.has(text)),
  };
  return { ...network, ...(policy && { policy }) };
};

/** What differs between two states of a network, for everybody in it and network by network. */
function differences(network: Network, changed: Network): readonly string[] {
  const [before, after] = [compile(network, host), compile(changed, host)];
  const models = [modelOf(before), modelOf(after)] as const;
  const space = new Space(models);
  const senders = network.nodes.map((node) => ({
    namespace: namespaceOf(network.name, node.name),
    addresses: addressesOf(node).map(({ address }) => address),
  }));
  const to = senders.flatMap(({ addresses }) => addresses);
  const found = exposures(new Ground(space, models[0]), new Ground(space, models[1]), senders, to).map(({ family }) => `IPv${family}`);
  const [old, now] = [matrix(network, before), matrix(changed, after)].map((told) => JSON.stringify(told.cells));
  return old === now ? found : [...found, 'matrix'];
}

describe('without all lines that are said to decide nothing, everybody may do what they could before', () => {
  const seen = { lines: 0, idle: 0 };
  afterAll(() => {
    expect(seen.lines).toBeGreaterThan(100);
    expect(seen.idle).toBeGreaterThan(20);
  });

  function check(network: Network): void {
    const { lines: idle } = idleLinesOf(network, compile(network, host));
    seen.lines += network.policy?.lines.length ?? 0;
    seen.idle += idle.length;
    const changed = without(network, new Set(idle.map(({ text }) => text)));
    expect(idle.length === 0 ? [] : differences(network, changed)).toEqual([]);
    if (idle.length > 0) expect(idleLinesOf(changed, compile(changed, host)).lines.filter(({ by }) => by.length > 0)).toEqual([]);
  }

  test.each(files)('%s', async (name) => {
    const { network } = await load(join(examples, name));
    check(network);
    // None of the examples has a line too many.
    expect(idleLinesOf(network, compile(network, host))).toEqual({ lines: [], translations: [] });
  });

  test.each([1, 2, 3, 4, 5, 6])('corp with random lines, %i', async (seed) => {
    const { file } = await load(join(examples, 'corp', 'bottle.yaml'));
    check(networkOf({ ...file, expect: {}, policy: randomPolicy(new Random(seed)) }));
  });

  test.each([101, 102, 103, 104, 105, 106, 107, 108])('random network %i', (seed) => {
    const network = readFile(generate(new Random(seed)))?.network;
    if (network === undefined) throw new Error('a generated file is wrong');
    check(network);
  });
});

function networkOf(file: BottleFile): Network {
  const { network, diagnostics } = resolve(file);
  if (network === undefined) throw new Error(JSON.stringify(diagnostics));
  return network;
}

/** Lines that overlap in every way. */
function randomPolicy(random: Random): BottleFile['policy'] {
  const ends = [
    'any',
    'dmz',
    'bld',
    'shr',
    'hub',
    'internet',
    'web',
    'apps',
    'db',
    'dns',
    'alice',
    'inside',
    'edge',
    '10.2.0.8/29',
    '10.4.0.0/24',
  ] as const;
  const services = ['any', 'http', 'ssh', 'ping', 'tcp/1-100', 'tcp/50-200', 'udp/53', 'app', 'tcp/22-80'] as const;
  const pick = <T>(choices: readonly T[]): T => choices[random.below(choices.length)] as T;
  const lines = Array.from({ length: 14 }, () => {
    const service = pick(services);
    const action = random.below(10);
    const said =
      action < 7
        ? service
        : action < 8
          ? { allow: service, log: true }
          : { deny: service, ...(action === 9 && { action: 'reject' as const }) };
    return [`${pick(ends)} -> ${pick(ends)}`, said] as const;
  });
  return { ...Object.fromEntries(lines), otherwise: random.below(3) === 0 ? 'reject' : 'drop' } as BottleFile['policy'];
}
