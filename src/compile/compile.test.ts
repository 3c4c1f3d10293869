import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { networkOf } from '../network/testing.fixture.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import { identityOf, kindOf, type Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { compile } from './compile.ts';

const host: HostFacts = {
  ipv6: true,
  advertised: ['eth0'],
  neighbourTables: true,
  vlanFiltering: true,
  vlanDevices: true,
  nameServers: ['192.0.2.53'],
};
const golden = join(import.meta.dirname, 'golden');
const files = readdirSync(golden).filter((name) => name.endsWith('.yaml'));
const fileOf = (name: string): BottleFile => parse(readFileSync(join(golden, name), 'utf8')) as BottleFile;

/** Without where in the file they come from, one a line. */
const lines = (resources: readonly Resource[]): string =>
  `[\n${resources.map(({ origin: _, ...resource }) => JSON.stringify(resource)).join(',\n')}\n]\n`;

test.each(files)('%s compiles to what stands beside it', async (name) => {
  await expect(lines(compile(networkOf(fileOf(name)), host))).toMatchFileSnapshot(join(golden, name.replace('.yaml', '.json')));
});

/** The same with the keys of every map turned round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe.each(files)('%s', (name) => {
  const resources = compile(networkOf(fileOf(name)), host);

  test('gives the same again, whatever order its parts are written in', () => {
    const sorted = (all: readonly Resource[]): readonly string[] =>
      lines(all)
        .split('\n')
        .map((line) => line.replace(/,$/, ''))
        .sort();
    expect(compile(networkOf(fileOf(name)), host)).toEqual(resources);
    const again = compile(networkOf(reversed(fileOf(name)) as BottleFile), host);
    const comparable = (all: readonly Resource[]): readonly string[] =>
      sorted(all.filter(({ kind }) => !['file', 'process', 'table'].includes(kind)));
    expect(comparable(again)).toEqual(comparable(resources));
    const identities = (all: readonly Resource[]): readonly string[] => all.map(identityOf).sort();
    expect(identities(again)).toEqual(identities(resources));
  });

  test('needs nothing that it does not bring, but for what is on the host already', () => {
    const provided = new Set(resources.flatMap((resource) => kindOf(resource).provides(resource)));
    const missing = resources.flatMap((resource) => kindOf(resource).requires(resource)).filter((key) => !provided.has(key));
    expect(missing.filter((key) => key !== `device:${HOST}/br0`)).toEqual([]);
  });

  test('names no device with more characters than the kernel takes', () => {
    const devices = resources.flatMap((resource) =>
      resource.kind === 'veth' ? resource.ends.map(({ device }) => device) : 'device' in resource ? [resource.device ?? ''] : [],
    );
    expect(devices.filter((device) => device.length > 15)).toEqual([]);
  });

  test('says of everything where in the file it comes from, and survives JSON', () => {
    expect(resources.filter(({ origin }) => origin.length === 0)).toEqual([]);
    expect(JSON.parse(JSON.stringify(resources))).toEqual(resources);
  });
});

describe('1,700 machines on one network', () => {
  const machines = Object.fromEntries(Array.from({ length: 1700 }, (_, i) => [`m${i}`, { networks: { lan: 'auto' } }]));
  const resources = compile(networkOf({ name: 'many', networks: { lan: { subnet: '10.0.0.0/16' } }, machines }), host);

  test('share three switches, none with more ports than the kernel gives one', () => {
    expect(resources.filter(({ kind }) => kind === 'bridge')).toHaveLength(3);
    const ports = new Map<string, number>();
    for (const resource of resources) {
      if (resource.kind !== 'veth') continue;
      for (const { master } of resource.ends) if (master !== undefined) ports.set(master, (ports.get(master) ?? 0) + 1);
    }
    expect([...ports.values()].reduce((sum, count) => sum + count)).toBe(1700 + 2 * 2);
    expect(Math.max(...ports.values())).toBeLessThan(1023);
  });

  test('get neighbour tables that hold them', () => {
    const limits = resources.flatMap((resource) => (resource.kind === 'sysctl' && resource.key.endsWith('gc_thresh3') ? [resource] : []));
    expect(limits.map(({ atLeast, value }) => [atLeast, Number(value) > 1700])).toEqual([
      [true, true],
      [true, true],
    ]);
  });
});
