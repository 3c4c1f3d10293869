import { expect, test } from 'vitest';
import { bottleIn, example } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Shown {
  readonly nodes: readonly { readonly name: string; readonly kind: string; readonly links: readonly Readonly<Record<string, unknown>>[] }[];
}

test('switches are shown with their trunks, what these do to packets, and whether they are out', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const show = async (...words: readonly string[]): Promise<Shown['nodes']> =>
      (await bottle.json<Shown>(0, 'show', '-b', 'ovs-vlan', ...words)).nodes;
    await bottle.ok('up', '--no-verify', example('ovs-vlan', 'bottle.yaml'));
    expect((await show()).filter(({ kind }) => kind === 'switch').map(({ name }) => name)).toEqual(['boxa', 'boxb']);

    await bottle.ok('impair', '-b', 'ovs-vlan', 'boxa/boxb', 'rate=10mbit');
    const [shown] = await show('boxa');
    expect(shown).toMatchObject({ name: 'boxa', kind: 'switch', state: 'running', routes: [], processes: [] });
    expect(shown?.links.slice(1)).toEqual([expect.objectContaining({ network: 'boxb', up: true, mtu: 1500, impairment: 'rate 10mbit' })]);

    await bottle.ok('link', '-b', 'ovs-vlan', 'boxa/boxb', 'down');
    expect(await bottle.ok('show', '-b', 'ovs-vlan', 'boxb')).toMatch(/\(boxa\).*cable out/);
  }));
