import { expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const nat = example('nat', 'bottle.yaml');

test("a stranger's table that drops what is forwarded is named, and what is told to do about it helps", () =>
  inPrivateHost({ uplink: true }, async (host) => {
    const bottle = bottleIn(host);
    await sh(host, `nft 'table ip mine { chain gate { type filter hook forward priority 0; policy drop; }; }'`);
    const { status, stderr } = await bottle(['up', nat]);
    expect(status).toBe(0);
    const [, remedy = ''] =
      /table ip mine, chain gate, drops packets that the host forwards unless .*?To let it pass: (nft .*)/.exec(stderr) ?? [];
    const reaches = async (): Promise<boolean> =>
      (await bottle.sh('nat', 'guest', `ping -c 1 -W 1 ${host.uplink.beyond}`)).includes('1 received');
    expect(await reaches()).toBe(false);
    await sh(host, remedy);
    await expect.poll(reaches).toBe(true);
    expect((await bottle(['up', nat])).stderr).not.toContain('table ip mine');
  }));

test.each([
  [
    'Docker',
    'table ip filter { chain DOCKER-USER { }; chain FORWARD { type filter hook forward priority 0; policy drop; jump DOCKER-USER; }; }',
    'DOCKER-USER',
  ],
  [
    'firewalld',
    'table inet firewalld { chain filter_FORWARD { type filter hook forward priority 10; ct state established accept; reject with icmpx admin-prohibited; }; }',
    'firewall-cmd',
  ],
  [
    'ufw',
    'table ip filter { chain ufw-before-forward { }; chain FORWARD { type filter hook forward priority 0; policy drop; jump ufw-before-forward; }; }',
    'ufw route',
  ],
])('%s is known by its chains, and told in its own words', (name, table, remedy) =>
  inPrivateHost({ uplink: true }, async (host) => {
    const bottle = bottleIn(host);
    await sh(host, `nft '${table}'`);
    expect((await bottle(['up', nat])).stderr).toMatch(new RegExp(`\\(${name}\\), chain .*${remedy}`));
    expect(await bottle.ok('doctor')).toMatch(new RegExp(`blocks [\\s\\S]*\\(${name}\\)[\\s\\S]*${remedy}`));
  }),
);

test('a bottle that nothing of is forwarded for is not troubled', () =>
  inPrivateHost({}, async (host) => {
    await sh(host, `nft 'table ip mine { chain gate { type filter hook forward priority 0; policy drop; }; }'`);
    expect((await bottleIn(host)(['up', example('internal', 'bottle.yaml')])).stderr).not.toContain('mine');
  }));
