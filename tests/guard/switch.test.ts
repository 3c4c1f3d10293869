/** What is said to the switch itself goes another way through the kernel than what it forwards. */

import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bytes, ethernet } from './frame.ts';
import { bob, file } from './scene.ts';
import { openWire } from './wire.ts';

const host = hostForAll();
beforeAll(async () => {
  const bottle = bottleIn(host);
  for (const shared of [true, false]) {
    const name = nameOf(shared);
    await bottle.ok('up', '--no-verify', write(host, file(name, shared, ', stp: true'), `${name}.yaml`));
  }
  // As the kernel has it unless told otherwise.
  await inFabric(nameOf(false), 'ip', 'link', 'set', 'lan', 'type', 'bridge', 'no_linklocal_learn', '0');
});

const nameOf = (shared: boolean): string => (shared ? 'guarded' : 'open');

const inFabric = async (name: string, ...command: readonly string[]): Promise<string> =>
  (await host.run(['nsenter', `--net=/run/netbottle/${name}/netns/${name}`, '--', ...command])).stdout;

function say(name: string, frame: Buffer): void {
  const wire = openWire(`/proc/${host.pid}/root/run/netbottle/${name}/netns/${name}.eve`, 'lan');
  wire.send(frame);
  wire.close();
}

describe.each([
  { shared: true, can: 'cannot' },
  { shared: false, can: 'can' },
])('where shared is $shared, a machine', ({ shared, can }) => {
  const name = nameOf(shared);

  test.each([
    ['in a frame that is forwarded', bob.mac],
    ['in a frame for the spanning tree protocol, which it speaks', '01:80:c2:00:00:00'],
    ['in a frame for LLDP, which it does not forward', '01:80:c2:00:00:0e'],
  ])(`${can} have the switch learn another's MAC address at its own port %s`, async (_, to) => {
    await expect.poll(() => inFabric(name, 'bridge', 'link')).toMatch(/eve\.lan.* state forwarding/);
    const from = `02:00:00:00:99:${to.slice(-2)}`;
    say(name, ethernet(to, from, 0x88b5, bytes(0, 0)));
    expect((await inFabric(name, 'bridge', 'fdb', 'show', 'br', 'lan')).includes(from)).toBe(!shared);
  });
});
