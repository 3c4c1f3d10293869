import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { load } from '../../src/engine/load.ts';
import { readFile } from '../judge/file.ts';
import { generate } from '../judge/generate.ts';
import { Random } from '../mutation/random.ts';
import { compare } from './agreement.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('bottle.yaml'));

describe('sets of packets and single ones come to the same end, and so do their answers', () => {
  const seen = { delivered: 0, lost: 0, answered: 0 };

  afterAll(() => {
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });

  test.each(files)('%s', async (name) => {
    const { network } = await load(join(examples, name));
    expect(compare(network).disagreements).toEqual([]);
  });

  test.each([3, 5, 8, 12, 19, 33, 38, 46])('random network %i', (seed) => {
    const network = readFile(generate(new Random(seed)))?.network;
    if (network === undefined) throw new Error('a generated file is wrong');
    const { packets, delivered, answered, disagreements } = compare(network);
    expect(disagreements).toEqual([]);
    seen.delivered += delivered;
    seen.lost += packets - delivered;
    seen.answered += answered;
  });
});
