import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { load } from '../../src/engine/load.ts';
import { pathsOf } from '../../src/engine/prove/paths.ts';
import type { ToldTrip } from '../../src/engine/prove/round-trips.ts';
import { readFile } from '../judge/file.ts';
import { generate } from '../judge/generate.ts';
import { Random } from '../mutation/random.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };
const examples = join(import.meta.dirname, '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

/** What the examples are about that lose answers, each of them on purpose. */
const meant: Readonly<Record<string, readonly string[]>> = {
  'asymmetric/before.yaml': [
    'alice -> jump lost at spare (forward)',
    'alice -> log lost at log (no route)',
    'jump -> alice lost at core (forward)',
  ],
  'asymmetric/bottle.yaml': ['alice -> log lost at log (no route)'],
  'bgp/bottle.yaml': ['guest -> bob lost at r-shop (no route)'],
  'openflow/bottle.yaml': ['web2 -> web4 lost at boxa (flows)'],
};

const textOf = ({ from, to, lost }: ToldTrip): string =>
  `${from.join()} -> ${to.join()} ${lost === undefined ? 'comes back another way' : `lost at ${lost.at} (${lost.what})`}`;

describe('no route of an example leads nowhere, and no answer is lost but where that is meant', () => {
  test.each(files)('%s', async (name) => {
    const { network } = await load(join(examples, name));
    const { holes, trips } = pathsOf(network, compile(network, host));
    expect(holes).toEqual([]);
    expect(trips.map(textOf).toSorted()).toEqual(meant[name] ?? []);
  });
});

test('sets and single packets agree on where answers are lost in random networks', () => {
  let lost = 0;
  for (const seed of [3, 5, 8, 12, 19, 33, 38, 46, 51, 57]) {
    const network = readFile(generate(new Random(seed)))?.network;
    if (network === undefined) throw new Error('a generated file is wrong');
    // Whoever does not agree throws.
    lost += pathsOf(network, compile(network, host)).trips.filter((trip) => trip.lost !== undefined).length;
  }
  expect(lost).toBeGreaterThan(2);
});
