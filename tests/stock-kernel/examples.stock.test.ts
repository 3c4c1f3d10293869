import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { surround } from '../examples/surroundings.ts';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { examplesOnlyInStockKernel } from './list.ts';

interface Verdict {
  readonly text: string;
  readonly state: string;
}

test.each(examplesOnlyInStockKernel)('%s keeps its promises, needs nothing a second time, and goes without a trace', (folder) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 120_000 });
    const path = example(join(folder, 'bottle.yaml'));
    await surround(host, folder);
    const before = await host.state();

    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, 'up', path);
    expect(verdicts).not.toEqual([]);
    expect(verdicts.filter(({ state }) => state !== 'held')).toEqual([]);
    expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
    await bottle.ok('down', '-y', path);
    expect(differences(before, await host.state())).toEqual([]);
  }),
);
