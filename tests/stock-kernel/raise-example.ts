/** An example in Debian's kernel, from `up` to `down`. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { crossFullSized } from '../examples/full-sized.ts';
import { surround } from '../examples/surroundings.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Verdict {
  readonly text: string;
  readonly state: string;
}

/**
 * It keeps its promises, needs nothing a second time, and goes without a trace. Emulated, and beside others, daemons of routing take longer
 * to agree than `up` waits for them.
 */
export const raiseExample = (folder: string, { fullSized = false, routesLearned = false } = {}): Promise<void> =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 240_000 });
    const path = example(join(folder, 'bottle.yaml'));
    await surround(host, folder);
    // The kernel has fallback tunnels (`gre0@NONE`) once a module is loaded, and mount(8) keeps its notes in /run/mount. All that there is to see would take a minute; that nothing else is left is tried with the other examples.
    const seen = (): Promise<string> =>
      sh(
        host,
        'ip netns; ip -brief link | grep -v @NONE; ip route; nft list ruleset; ls -I mount /run /tmp; ps -eo args | grep [d]ist/bottle || :',
      );
    const before = await seen();

    if (routesLearned) {
      await bottle.ok('up', '--no-verify', path);
      await expect.poll(async () => (await bottle(['verify', folder])).status, { timeout: 300_000 }).toBe(0);
    }
    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, ...(routesLearned ? ['verify', folder] : ['up', path]));
    expect(verdicts).not.toEqual([]);
    expect(verdicts.filter(({ state }) => state !== 'held')).toEqual([]);
    expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
    if (fullSized) {
      const { pings, large, ...rest } = await crossFullSized(host, path);
      expect(rest).toEqual({ lost: [], fragments: [] });
      expect(large).toBeGreaterThanOrEqual(4 * pings);
    }
    await bottle.ok('down', '-y', path);
    expect(await seen()).toBe(before);
  });
