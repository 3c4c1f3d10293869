import { expect, test } from 'vitest';
import { bottleIn, sh } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Finding {
  readonly name: string;
  readonly state: string;
}

test('doctor finds all that Debian’s kernel has, and leaves no device', () =>
  inPrivateHost({}, async (host) => {
    const links = (): Promise<string> => sh(host, 'ip -brief link');
    const before = await links();
    const { findings } = await bottleIn(host).json<{ findings: Finding[] }>(0, 'doctor');
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(await links()).toBe(before);
  }));
