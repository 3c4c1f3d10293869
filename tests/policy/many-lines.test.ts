import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

/** So many lines with networks and ranges that they are looked up one dimension at a time. */
const text = (last: string): string => `name: many
networks:
  lan: { subnet: [10.1.0.0/24, fd00:1::/64] }
  hub: { subnet: [10.2.0.0/24, fd00:2::/64] }
routers: { core: { networks: { lan: [10.1.0.1, fd00:1::1], hub: [10.2.0.1, fd00:2::1] } } }
machines:
  web: { networks: { lan: [10.1.0.10, fd00:1::10] }, listen: [http, ssh, tcp/8000-8010] }
  alice: { networks: { hub: [10.2.0.10, fd00:2::10] } }
policy:
${Array.from({ length: 40 }, (_, at) => `  hub -> 10.1.0.${100 + at}: tcp/${1000 + at}\n  hub -> fd00:1::${100 + at}: tcp/${1000 + at}\n  10.2.0.0/25 -> 10.1.0.${100 + at}: tcp/2000-${2001 + at}\n  10.2.0.${20 + at} -> lan: tcp/${3000 + at}\n`).join('')}  hub -> 10.1.0.10: [http, tcp/8000-8005]
  hub -> fd00:1::10: [http, tcp/8000-8005]
  ${last}
`;

const host = hostForAll();
const bottle = bottleIn(host);

/** Those of the ports of web that alice gets an answer from, in both families. */
async function open(...ports: readonly number[]): Promise<readonly number[]> {
  const ask = (address: string, port: number): string =>
    `timeout 6 bash -c "exec 3<>/dev/tcp/${address}/${port}" 2>/dev/null && echo ${address} ${port} &`;
  const lines = ['10.1.0.10', 'fd00:1::10'].flatMap((address) => ports.map((port) => ask(address, port)));
  const answers = (await bottle.sh('many', 'alice', `${lines.join('\n')}\nwait`)).trim().split('\n');
  const found = (address: string): readonly number[] => ports.filter((port) => answers.includes(`${address} ${port}`));
  expect(found('10.1.0.10')).toEqual(found('fd00:1::10'));
  return found('10.1.0.10');
}

test('many lines mean what few do, and one of them changes without the others', async () => {
  await bottle.ok('up', write(host, text('alice -> web: { deny: tcp/8003 }')));
  expect(await sh(host, 'ip netns exec many.core nft list chain inet netbottle forward-policy')).toContain('by-from');
  expect(await open(80, 8000, 8003, 8005, 8006, 22)).toEqual([80, 8000, 8005]);
  await bottle.ok('up', '-y', write(host, text('alice -> web: ssh')));
  expect(await open(80, 8003, 8006, 22)).toEqual([80, 8003, 22]);
  expect((await bottle.json<{ changes: readonly unknown[] }>(0, 'plan', write(host, text('alice -> web: ssh')))).changes).toEqual([]);
});
