import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);

interface Shown {
  readonly switch: string;
  readonly priority: number;
  readonly packets?: number;
}

/** How often the flow of a priority was met. */
const counted = async (name: string, priority: number): Promise<number | undefined> => {
  const { flows } = await bottle.json<{ flows: readonly Shown[] }>(0, 'show', 'flows', '-b', name);
  return flows.find((flow) => flow.switch === 'boxa' && flow.priority === priority)?.packets;
};

/** 0 where somebody listens, or the number of an error. Asks twice: at once, and after a second. */
const connects = (machine: string, address: string, port: number): Promise<string> =>
  bottle.sh(
    'openflow',
    machine,
    `python3 -c "import socket; s = socket.socket(); s.settimeout(1.5); print(s.connect_ex(('${address}', ${port})))"`,
  );

test('a rule counts the two packets that it dropped; taken out of the file, it is gone, and others go on', async () => {
  const text = readFileSync(example('openflow', 'bottle.yaml'), 'utf8');
  const file = write(host, text);
  await bottle.ok('up', '--no-verify', file);
  expect(await counted('openflow', 1000)).toBe(0);
  expect((await connects('web3', '172.16.0.1', 80)).trim()).toBe('11');
  expect(await counted('openflow', 1000)).toBe(2);
  expect((await connects('web3', '172.16.0.1', 443)).trim()).toBe('0');
  expect(await counted('openflow', 1000)).toBe(2);

  // What others do to the rules is told, and put right.
  const sockets = await sh(host, 'find /run -path "*ovs/openflow/run/boxa.mgmt"');
  await sh(host, `ovs-ofctl -O OpenFlow14 del-flows unix:${sockets} tcp,tcp_dst=80`);
  expect((await connects('web3', '172.16.0.1', 80)).trim()).toBe('0');
  expect(await bottle(['plan', file])).toMatchObject({ status: 2, stdout: expect.stringContaining('flows') });
  await bottle.ok('up', '-y', '--no-verify', file);
  expect((await connects('web3', '172.16.0.1', 80)).trim()).toBe('11');

  const normal = await counted('openflow', 0);
  const [before = '', after = ''] = text.split(/ {6}- \{ priority: 1000.*\n/);
  const changed = write(host, `${before}${after}`);
  await bottle.ok('up', '-y', '--no-verify', changed);
  expect((await connects('web3', '172.16.0.1', 80)).trim()).toBe('0');
  expect(normal).toBeGreaterThan(0);
  expect(await counted('openflow', 0)).toBeGreaterThan(normal ?? 0);
  await bottle.ok('down', '-y', 'openflow');
});
