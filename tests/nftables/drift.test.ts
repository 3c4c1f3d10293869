import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = `
name: small
networks:
  front: { subnet: 10.1.0.0/24, mode: nat }
machines:
  a: { networks: { front: auto } }
`;

test('what somebody changed in a table is named rule by rule, and put right', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, file);
    await bottle.ok('up', '--no-verify', path);
    const listing = await sh(host, 'nft -s list ruleset');
    await sh(
      host,
      `nft 'insert rule inet netbottle-small answers tcp dport 99 accept comment "theirs"
        add set inet netbottle-small extra { type ipv4_addr; timeout 1h; }
        flush map inet netbottle-small into'`,
    );
    const { stdout } = await bottle(['plan', '-v', path]);
    expect(stdout).toContain('set extra { is there, shall be gone');
    expect(stdout).toContain('rule theirs in chain answers is there, shall be gone');
    expect(stdout).toContain('element small-front (networks.front) of set into is missing, shall be there');
    await bottle.ok('up', '--no-verify', path);
    expect(await sh(host, 'nft -s list ruleset')).toBe(listing);
  }));

test('a table that a killed command left in a machine goes with the next one', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, file);
    await bottle.ok('up', '--no-verify', path);
    await sh(
      host,
      `ip netns exec small.a nft 'table inet netbottle { comment "netbottle:small"; }; table inet theirs { }'
       sed 's/"resources":/"operation":"up","pid":999999,"before":/' /run/netbottle/small/state.json > /run/netbottle/small/journal.json`,
    );
    await bottle.ok('up', '-y', '--no-verify', path);
    expect(await sh(host, 'ip netns exec small.a nft list tables')).toBe('table inet theirs');
  }));
