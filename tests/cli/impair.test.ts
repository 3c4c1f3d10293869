import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import type { HostState } from '../host-state/snapshot.ts';
import { bottleIn, sh, write } from './bottle.ts';

const text = `name: lab
networks:
  lan: { subnet: [10.1.0.0/24, 'fd00:1::/64'] }
links:
  wire: { subnet: [10.9.0.0/31, 'fd00:9::/127'], ends: { gate: auto, far: auto }, impair: { rate: 50mbit } }
routers:
  gate: { networks: { lan: 10.1.0.1 } }
machines:
  web: { networks: { lan: 10.1.0.10 } }
  alice: { networks: { lan: 10.1.0.11 } }
  far: {}
expect:
  alice -> web: ping
  alice -> far: ping
`;

const host = hostForAll();
const bottle = bottleIn(host);
let before: HostState;
let file: string;
beforeAll(async () => {
  before = await host.state();
});
beforeEach(async () => {
  file = write(host, text);
  await bottle.ok('up', file);
});
afterEach(async () => {
  await bottle.ok('down', '-y', 'lab');
  expect(differences(before, await host.state())).toEqual([]);
});

const queueing = (namespace: string, device: string): Promise<string> => sh(host, `ip netns exec ${namespace} tc qdisc show dev ${device}`);
const reaches = async (to: string): Promise<boolean> =>
  (await bottle.sh('lab', 'alice', `ping -c 1 -W 2 ${to} >/dev/null && echo there`)) === 'there\n';

test('a rate is at both ends of a cable; who takes it away is put right, and what another put there is replaced', async () => {
  for (const namespace of ['lab.gate', 'lab.far']) expect(await queueing(namespace, 'wire')).toMatch(/tbf 4e43: root .*rate 50Mbit/);
  await sh(host, 'ip netns exec lab.far tc qdisc del dev wire root; ip netns exec lab.gate tc qdisc replace dev wire root pfifo');
  expect(await bottle.ok('up', file)).toContain('rate 50mbit on wire in lab.far');
  for (const namespace of ['lab.gate', 'lab.far']) expect(await queueing(namespace, 'wire')).toMatch(/tbf 4e43: root .*rate 50Mbit/);
});

test('what a command does to cables holds through stop and start, is shown, and ends with the next up', async () => {
  expect(await bottle.json(0, 'impair', '-b', 'lab', 'lan', 'rate=5mbit')).toMatchObject({ cables: ['web/lan', 'alice/lan', 'gate/lan'] });
  await bottle.ok('impair', '-b', 'lab', 'wire', 'none');
  expect(await queueing('lab.web', 'lan')).toContain('rate 5Mbit');
  expect(await queueing('lab', 'web.lan')).toContain('rate 5Mbit');
  expect(await queueing('lab.far', 'wire')).not.toContain('tbf');
  await bottle.ok('impair', '-b', 'lab', 'web/lan', 'rate=1mbit');

  await bottle.ok('stop', '-y', '-b', 'lab', 'web');
  await bottle.ok('start', '-y', '-b', 'lab', 'web');
  expect(await queueing('lab.web', 'lan')).toContain('rate 1Mbit');
  expect(await queueing('lab.alice', 'lan')).toContain('rate 5Mbit');
  expect(await bottle.ok('show', '-b', 'lab', 'web')).toContain('rate 1mbit');
  expect(await bottle.ok('ls')).toContain('4 impaired');
  const { stdout: plan } = await bottle(['plan', file]);
  expect(plan).toContain('rate 1mbit on lan in lab.web (the file does not have it; live)');
  expect(await bottle.ok('verify', 'lab')).toContain('2 of 2 promises held');

  // Nobody is asked: without an impairment nobody is worse off.
  await bottle.ok('up', file);
  expect(await queueing('lab.web', 'lan')).toContain('noqueue');
  expect(await queueing('lab.far', 'wire')).toContain('rate 50Mbit');
  expect(await bottle.ok('ls')).not.toContain('impaired');
});

test('a cable that is pulled out has no carrier, its machine keeps its addresses; up puts it back', async () => {
  const addresses = async (): Promise<string> => await sh(host, "ip -n lab.web -br address show lan | sed 's/^[^ ]* *[^ ]* *//'");
  const there = await addresses();
  await bottle.ok('link', '-b', 'lab', 'web/lan', 'down');
  expect(await sh(host, 'ip -n lab.web link show lan')).toContain('NO-CARRIER');
  expect(await addresses()).toBe(there);
  expect(await reaches('10.1.0.10')).toBe(false);
  expect(await bottle.ok('ls')).toContain('1 pulled out');
  await bottle.ok('link', '-b', 'lab', 'web/lan', 'up');
  await expect.poll(() => reaches('10.1.0.10')).toBe(true);
});

test('a link that is pulled out takes its routes along, of which nobody is asked, and both come back', async () => {
  await bottle.ok('link', '-b', 'lab', 'wire', 'down');
  expect(await sh(host, 'ip -n lab.gate link show wire')).toContain('state DOWN');
  expect(await sh(host, 'ip -n lab.far link show wire')).toContain('NO-CARRIER');
  expect(await reaches('far')).toBe(false);
  expect((await bottle(['verify', 'lab'])).stdout).toContain('1 broken');
  expect(await bottle.ok('up', file)).toContain('2 of 2 promises held');
});

test('what cannot be done is refused, and nothing is changed', async () => {
  const words = await bottle(['impair', '-b', 'lab', 'wire', 'rate=fast', 'los=1%']);
  expect(words).toMatchObject({ status: 64, stderr: expect.stringMatching(/los: not one of[\s\S]*`fast` is not a rate/) });
  expect(await bottle(['impair', '-b', 'lab', 'wirr', 'rate=1mbit'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/no-cable[\s\S]*did you mean wire/),
  });
  expect(await bottle(['impair', '-b', 'lab', 'gate', 'rate=1mbit'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/gate is no cable[\s\S]*Name one of them: gate\/lan, gate\/wire\./),
  });
  expect(await bottle.json(0, 'plan', file)).toMatchObject({ changes: [] });
  const { findings } = await bottle.json<{ findings: { name: string; state: string }[] }>(0, 'doctor');
  if (findings.some(({ name, state }) => name === 'netem' && state === 'ok')) return;
  expect(await bottle(['impair', '-b', 'lab', 'wire', 'delay=5ms'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/host-lacks[\s\S]*netem/),
  });
  expect(await bottle.json(0, 'plan', file)).toMatchObject({ changes: [] });
});
