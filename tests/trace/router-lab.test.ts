/** The lab of a router of namespaces, and a log of every hook that every packet passes: there by rules that log, here by `trace`. */

import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', example('router-lab', 'bottle.yaml'));
});

interface Way {
  readonly ending: { readonly kind: string; readonly at: string };
  readonly steps: readonly {
    readonly kind: string;
    readonly at: string;
    readonly hook?: string;
    readonly what?: string;
    readonly state?: string;
  }[];
}
interface Packets {
  readonly packets: readonly {
    readonly there: Way;
    readonly back?: Way;
    readonly differences?: { readonly there: object[]; readonly back: object[] };
  }[];
}

/** Machine and hook, for each hook that something is told of; NAT where a packet was translated. */
const hooksOf = ({ steps }: Way): readonly string[] => {
  let begin = '';
  return steps.flatMap(({ kind, at, hook, what }) => {
    if (kind === 'sent' || kind === 'received') begin = kind === 'sent' ? 'output' : 'prerouting';
    if (kind === 'passed' || kind === 'filtered') return [`${at} ${hook}`];
    if (kind === 'translated') return [what === 'source' ? `${at} postrouting SNAT` : `${at} ${begin} DNAT`];
    return [];
  });
};

const asked = async (command: 'explain' | 'trace', ...words: readonly string[]): Promise<Packets['packets'][number]> => {
  const { packets } = await bottle.json<Packets>(0, command, ...words, '-b', 'router-lab');
  const [only] = packets;
  if (only === undefined || packets.length > 1) throw new Error('one packet was asked about');
  return only;
};

describe.each(['explain', 'trace'] as const)('%s', (command) => {
  test('shows every hook of all three machines, with source NAT, there and back', async () => {
    const { there, back } = await asked(command, 'boxa', 'boxb', 'ping');
    expect(there.ending).toMatchObject({ kind: 'delivered', at: 'boxb' });
    expect(hooksOf(there)).toEqual([
      ...['boxa output', 'boxa postrouting'],
      ...['router prerouting', 'router forward', 'router postrouting SNAT'],
      ...['boxb prerouting', 'boxb input'],
    ]);
    expect(back?.ending).toMatchObject({ kind: 'delivered', at: 'boxa' });
    expect(back && hooksOf(back)).toEqual([
      ...['boxb output', 'boxb postrouting'],
      ...['router prerouting DNAT', 'router forward', 'router postrouting'],
      ...['boxa prerouting', 'boxa input'],
    ]);
    expect(there.steps).toContainEqual({ kind: 'tracked', at: 'router', state: 'new' });
    expect(back?.steps).toContainEqual({ kind: 'tracked', at: 'router', state: 'established' });
  });

  test('shows every hook on the way of a forwarded port, with destination NAT, there and back', async () => {
    const { there, back } = await asked(command, 'boxb', '172.16.200.1', 'tcp/8800');
    expect(hooksOf(there)).toEqual([
      ...['boxb output', 'boxb postrouting'],
      ...['router prerouting DNAT', 'router forward', 'router postrouting'],
      ...['boxa prerouting', 'boxa input'],
    ]);
    expect(back && hooksOf(back)).toEqual([
      ...['boxa output', 'boxa postrouting'],
      ...['router prerouting', 'router forward', 'router postrouting SNAT'],
      ...['boxb prerouting', 'boxb input'],
    ]);
  });

  test('shows where the default drop stops a packet', async () => {
    const { there, back } = await asked(command, 'boxb', 'router', 'ssh');
    expect(there.ending).toMatchObject({ kind: 'dropped', at: 'router', rule: 'policy' });
    expect(hooksOf(there).at(-1)).toBe('router input');
    expect(back).toBeUndefined();
  });
});

test('trace names the line of the file for what the kernel did, and says that it is what the model says', async () => {
  const text = await bottle.ok('trace', 'boxb', 'router', 'tcp/8800', '-b', 'router-lab');
  expect(text).toMatch(/prerouting, DNAT: 172\.16\.200\.1:8800 becomes 172\.16\.100\.5:8800 {2}forwards {2}.*bottle\.yaml:\d+/);
  expect(text).toMatch(/forward, table inet netbottle: accept in chain forward-policy {2}policy\.right -> boxa {2}.*bottle\.yaml:\d+/);
  expect(text).toContain('The kernel did what the model says.');
});

test('what nobody listens for, and what nobody has the address of, has its name', async () => {
  expect(await bottle.ok('trace', 'boxa', '172.16.200.99', 'ping', '-b', 'router-lab')).toContain(
    'router finds nobody with the address 172.16.200.99 behind right',
  );
  await bottle.ok('exec', '-b', 'router-lab', 'boxb', '--', 'true');
  expect(await bottle.ok('trace', 'boxa', 'router', 'ping', '-b', 'router-lab')).toContain('arrives at router');
});

describe('what others changed', () => {
  test('a rule that drops is named, and is no rule of the file', async () => {
    await sh(host, 'ip netns exec router-lab.boxb nft "add table ip own; add chain ip own in { type filter hook input priority 5; }"');
    await sh(host, 'ip netns exec router-lab.boxb nft add rule ip own in tcp dport 80 drop');
    const { status, stdout } = await bottle(['trace', 'boxa', 'boxb', 'http', '-b', 'router-lab']);
    expect(status).toBe(6);
    expect(stdout).toContain('dropped at boxb by tcp dport 80 drop');
    expect(stdout).toMatch(/model +boxb: passes input/);
    expect(stdout).toMatch(/kernel +boxb: input, table ip own: drop in chain in {2}tcp dport 80 drop/);
    await sh(host, 'ip netns exec router-lab.boxb nft delete table ip own');
  });

  test('a route that has gone keeps its machine from sending', async () => {
    await sh(host, 'ip -n router-lab.boxa route del default');
    const { status, stdout } = await bottle(['trace', 'boxa', 'boxb', 'http', '-b', 'router-lab']);
    expect(status).toBe(6);
    expect(stdout.split('\n')[0]).toBe('boxa -> boxb tcp/80, IPv4: boxa did not send it (ENETUNREACH)');
    await bottle.ok('up', example('router-lab', 'bottle.yaml'));
  });

  test('a route that leads elsewhere is shown as the kernel has it', async () => {
    await sh(host, 'ip -n router-lab.boxb route add 172.16.200.1/32 via 172.16.200.77 dev right');
    const { status, stdout } = await bottle(['trace', 'boxa', 'boxb', 'http', '-b', 'router-lab']);
    expect(status).toBe(6);
    expect(stdout).toMatch(/kernel +boxb: route 172\.16\.200\.1\/32 via 172\.16\.200\.77 dev right/);
    await sh(host, 'ip -n router-lab.boxb route del 172.16.200.1/32');
  });
});
