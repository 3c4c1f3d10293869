import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { linkLocal } from '../host-state/uplink.ts';

const lab = (machines: string): string => `name: lab
networks:
  out: { subnet: 10.9.0.0/24, mode: nat }
  in: { subnet: 10.8.0.0/24 }
routers: { gate: { networks: { out: 10.9.0.2, in: 10.8.0.1 } } }
machines: { ${machines} }
`;

const host = hostForAll();
const bottle = bottleIn(host);
let file: string;
beforeEach(() => {
  file = write(host, lab('one: { networks: { in: auto } }'));
});

describe('what others have on the host', () => {
  let before: HostState;
  beforeAll(async () => {
    // Names as near to those of the bottle as they can be without being the same, and a mark that belongs to nobody.
    await sh(
      host,
      `ip link add lab type bridge
      ip link add lab-x type veth peer name lab-y
      ip link set lab-x alias "netbottle:la bridge lab 0"
      ip link set lab-y alias "not netbottle:lab"
      ip link set lab-x master lab
      ip link set lab up; ip link set lab-x up; ip link set lab-y up
      ip address add 10.77.0.1/24 dev lab
      ip route add 10.78.0.0/24 via 10.77.0.9
      ip rule add from 10.79.0.0/24 table 79
      ip netns add lab.two
      ip netns add other
      ip -n lab.two link add inner type bridge
      touch /run/netns/lab.file
      nft 'add table inet netbottle; add table ip netbottle-lab2; add table inet nat'
      nft 'add chain inet nat post { type nat hook postrouting priority 100; }; add rule inet nat post ip saddr 10.77.0.0/24 masquerade'`,
    );
    await linkLocal(host, 'lab');
    await linkLocal(host, 'lab-y');
    before = await host.state();
  });
  afterAll(() =>
    sh(
      host,
      'ip link del lab; ip link del lab-x; ip rule del from 10.79.0.0/24 table 79; nft flush ruleset; ip netns del lab.two; ip netns del other; rm /run/netns/lab.file',
    ),
  );

  /** What has become different of that which was there. What has come is the bottle's; a kernel that forwards takes no redirects. */
  const disturbed = async (): Promise<string[]> =>
    differences(before, await host.state()).filter(
      (line) => !/^\w+: new: /.test(line) && !/\.(ip_forward|forwarding|accept_redirects): /.test(line),
    );

  test('stays as it is while a bottle comes, changes and goes', async () => {
    await bottle.ok('up', file);
    expect(await disturbed()).toEqual([]);
    await bottle.ok('up', '-y', write(host, lab('one: { networks: { out: auto } }, three: { networks: { in: auto } }')));
    expect(await disturbed()).toEqual([]);
    await bottle.ok('down', '-y', 'lab');
    expect(differences(before, await host.state())).toEqual([]);
  });

  test('stays as it is when an `up` fails in the middle', async () => {
    const failed = await bottle(['up', file], { env: { NETBOTTLE_FAULT: 'fail:12' } });
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('error[apply-failed]') });
    expect(differences(before, await host.state())).toEqual([]);
  });
});

describe('a name that somebody else has', () => {
  const cases: [what: string, take: string, give: string, detail: RegExp][] = [
    ['a link', 'ip link add lab-out type bridge', 'ip link del lab-out', /lab-out is a device that Netbottle did not make$/],
    [
      'a name of ip netns',
      'ip netns add lab.one',
      'ip netns del lab.one',
      /^lab\.one is a namespace of `ip netns` that Netbottle did not make$/,
    ],
    [
      "the bottle's own name in ip netns",
      'ip netns add lab',
      'ip netns del lab',
      /^lab is a namespace of `ip netns` that Netbottle did not make$/,
    ],
    [
      'a table',
      'nft add table inet netbottle-lab',
      'nft delete table inet netbottle-lab',
      /netbottle-lab is an nftables table that Netbottle did not make$/,
    ],
  ];

  test.each(cases)('%s: the error names it, and nothing is changed', async (_what, take, give, detail) => {
    await sh(host, take);
    try {
      const before = await host.state();
      for (const command of ['up', 'plan']) {
        const error = await bottle.json<{ code: string; details: string[] }>(1, command, file);
        expect(error).toMatchObject({ version: 1, kind: 'error', code: 'name-taken', details: [expect.stringMatching(detail)] });
      }
      expect(await bottle(['up', file])).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('error[name-taken]') });
      expect(differences(before, await host.state())).toEqual([]);
      expect(await sh(host, 'ls -A /run/netbottle 2>/dev/null || :')).toBe('');
    } finally {
      await sh(host, give);
    }
  });

  test('another bottle: it is named', async () => {
    // `a-b` with `c` and `a` with `b-c` want the same name for their leg on the host.
    const one = 'name: a-b\nnetworks: { c: { subnet: 10.9.1.0/24, mode: host-only } }\nmachines: { m: { networks: { c: auto } } }\n';
    const two = 'name: a\nnetworks: { b-c: { subnet: 10.9.2.0/24, mode: host-only } }\nmachines: { m: { networks: { b-c: auto } } }\n';
    await bottle.ok('up', write(host, one, 'one.yaml'));
    const before = await host.state();
    const error = await bottle.json<{ code: string; details: string[] }>(1, 'up', write(host, two, 'two.yaml'));
    expect(error).toMatchObject({ code: 'name-taken', details: [expect.stringMatching(/a-b-c is bottle a-b$/)] });
    expect(differences(before, await host.state())).toEqual([]);
    await bottle.ok('down', '-y', 'a-b');
  });

  test('a name that is wanted by a change of what runs: what runs goes on as it was', async () => {
    await bottle.ok('up', file);
    await sh(host, 'ip netns add lab.two');
    const before = await host.state();
    const error = await bottle.json(1, 'up', '-y', write(host, lab('one: { networks: { in: auto } }, two: { networks: { in: auto } }')));
    expect(error).toMatchObject({ code: 'name-taken', details: [expect.stringMatching(/^lab\.two is /)] });
    expect(differences(before, await host.state())).toEqual([]);
    await bottle.ok('down', '-y', 'lab');
    expect(await sh(host, 'ip netns list')).toBe('lab.two');
    await sh(host, 'ip netns del lab.two');
  });
});
