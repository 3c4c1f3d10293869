import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolve } from '../network/resolve.ts';
import { originOf } from '../resource/ruleset/comment.ts';
import type { Table } from '../resource/table.ts';
import { loadBottle } from '../spec/load.ts';
import { compile } from './compile.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
const host = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

/** What a packet can meet: rules, and elements of the sets that decide on their own. */
const comments = ({ chains, sets }: Table): readonly string[] => [
  ...chains.flatMap(({ rules }) => rules.map(({ comment }) => comment)),
  ...sets.flatMap((set) => (set.kind === 'set' ? [] : set.elements.map(({ comment }) => comment))),
];

describe.each(files)('%s', (name) => {
  test('every rule and every verdict leads back to a line of the file', async () => {
    const { file, source } = await loadBottle(join(examples, name));
    const network = file && resolve(file).network;
    if (file === undefined || network === undefined) throw new Error(`${name} is wrong`);
    const tables = compile(network, host).filter((resource) => resource.kind === 'table');
    for (const comment of tables.flatMap(comments)) {
      const origin = comment === '' ? undefined : originOf(comment, file);
      expect(origin, `\`${comment}\``).toBeDefined();
      expect(source.locate(origin ?? [])?.line, `\`${comment}\``).toBeGreaterThan(1);
    }
  });
});
