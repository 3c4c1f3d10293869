/** What flows of the file do with frames besides sending them on, seen with real packets. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { watching } from '../watch/watcher.ts';
import { type UdpFrames, udpFramesIn } from './udp-frames.ts';

const text = `name: acts
switches:
  sw:
    type: ovs
    flows:
      - { priority: 90, match: [in_port=probe, udp, udp_dst=1], actions: "group:1" }
      - { priority: 90, match: [in_port=probe, udp, udp_dst=2], actions: "group:2" }
      - { priority: 90, match: [in_port=probe, udp, udp_dst=3], actions: "group:3" }
      - { priority: 80, match: [in_port=probe, udp, udp_dst=4], actions: [push_vlan:0x8100, "set_field:4103->vlan_vid", output:a] }
      - { priority: 80, match: [in_port=probe, dl_vlan=9, udp, udp_dst=5], actions: [pop_vlan, output:a] }
      - { priority: 80, match: [in_port=probe, udp, udp_dst=6], actions: [dec_ttl, output:a] }
      - priority: 80
        match: [in_port=probe, udp, udp_dst=7]
        actions: ["set_field:02:00:00:00:00:aa->eth_dst", "set_field:10.0.0.1->ip_dst", "set_field:7007->udp_dst", output:a]
      - { priority: 80, match: [in_port=probe, udp, udp_dst=8], actions: [output:a, "set_field:9->nw_ttl", output:b] }
      - priority: 70
        match: [in_port=probe, tcp, ip_dst=10.0.0.77, tcp_dst=8080]
        actions: ["set_field:10.0.0.2->ip_dst", "set_field:80->tcp_dst", output:b]
      - priority: 70
        match: [in_port=b, tcp, ip_dst=10.0.0.9, tcp_src=80]
        actions: ["set_field:10.0.0.77->ip_src", "set_field:8080->tcp_src", output:probe]
      - { priority: 60, match: [in_port=c, ip, ip_dst=10.0.0.2], actions: [dec_ttl, normal] }
    groups:
      - { id: 1, type: select, buckets: [{ weight: 1, actions: output:a }, { weight: 1, actions: output:b }, { weight: 0, actions: output:c }] }
      - { id: 2, type: ff, buckets: [{ watch_port: a, actions: output:a }, { watch_port: b, actions: output:b }] }
      - { id: 3, type: select, buckets: [{ weight: 0, actions: output:a }] }
networks:
  lan: { subnet: 10.0.0.0/24, switch: sw }
machines:
  a: { networks: { lan: 10.0.0.1 } }
  b: { networks: { lan: { address: 10.0.0.2, mac: "02:00:00:00:00:02" } }, listen: http }
  c: { networks: { lan: 10.0.0.3 } }
  probe: { networks: { lan: 10.0.0.9 } }
expect:
  probe -> a: ping
  c -> b: [ping, http]
`;

interface Said {
  readonly promise: string;
  readonly state: string;
}

const patience = { timeout: 20_000 };

const host = hostForAll();
const bottle = bottleIn(host);
let frames: UdpFrames;
let path: string;
beforeAll(async () => {
  path = write(host, text);
  await bottle.ok('up', '--no-verify', path);
  frames = await udpFramesIn(host, 'acts', ['a', 'b', 'c']);
});
afterAll(() => frames.end());

const marks = (machine: string, beginning: string): readonly string[] =>
  frames
    .heard(machine)
    .map((line) => line.split(' ')[0] ?? '')
    .filter((mark) => mark.startsWith(beginning));

const numbered = (mark: string): readonly string[] => Array.from({ length: 40 }, (_, i) => `${mark}-${i} to=1 from=10.0.1.${i}`);
const onlyNumbers = (all: readonly string[]): readonly string[] => all.map((mark) => mark.split('-')[1] ?? '').sort();

test('a group `select` gives what is between two addresses to one of its buckets, always to the same, and none to one without weight', async () => {
  for (const round of ['first', 'again']) {
    await frames.send('probe', ...numbered(round));
    await expect.poll(() => marks('a', round).length + marks('b', round).length, patience).toBe(40);
    expect(Math.min(marks('a', round).length, marks('b', round).length)).toBeGreaterThan(0);
  }
  expect(onlyNumbers(marks('a', 'again'))).toEqual(onlyNumbers(marks('a', 'first')));
  expect(marks('c', 'first')).toEqual([]);
});

test('a group whose only bucket has no weight drops', async () => {
  await frames.send('probe', 'weightless to=3', 'after to=6');
  await expect.poll(() => marks('a', 'after'), patience).toEqual(['after']);
  expect(marks('a', 'weightless')).toEqual([]);
});

test('a group `ff` takes the second bucket while the cable of the first is out', async () => {
  const goesTo = async (machine: string, mark: string): Promise<void> => {
    await expect
      .poll(async () => {
        await frames.send('probe', `${mark} to=2`);
        return marks(machine, mark).length;
      }, patience)
      .toBeGreaterThan(0);
  };
  await goesTo('a', 'whole');
  expect(marks('b', 'whole')).toEqual([]);
  await bottle.ok('link', 'a/lan', 'down', '-b', 'acts');
  await goesTo('b', 'out');
  await bottle.ok('link', 'a/lan', 'up', '-b', 'acts');
  await goesTo('a', 'back');
});

test('tags come and go, hops are counted, fields are set, and checksums stay right', async () => {
  await frames.send('probe', 'push to=4', 'pop to=5 vlan=9', 'hop to=6', 'last to=6 ttl=1', 'set to=7', 'order to=8');
  // Those that a flow is made for come later than those that find one.
  await expect
    .poll(
      () =>
        frames
          .heard('a')
          .filter((line) => /^(push|pop|hop|last|set|order) /.test(line))
          .toSorted(),
      patience,
    )
    .toEqual([
      'hop 020000000050 10.0.0.50:6 ttl 63',
      'order 020000000050 10.0.0.50:8 ttl 64',
      'pop 020000000050 10.0.0.50:5 ttl 64',
      'push vlan 7 020000000050 10.0.0.50:4 ttl 64',
      'set 0200000000aa 10.0.0.1:7007 ttl 64',
    ]);
  await expect
    .poll(() => frames.heard('b').filter((line) => line.startsWith('order')), patience)
    .toEqual(['order 020000000050 10.0.0.50:8 ttl 9']);
});

test('a connection to an address that nobody has is answered in its name', async () => {
  const ask =
    "ip neigh replace 10.0.0.77 lladdr 02:00:00:00:00:02 dev lan; curl -s -m 20 -o /dev/null -w '%{http_code}' http://10.0.0.77:8080/";
  expect(await bottle.sh('acts', 'probe', ask)).toBe('200');
});

test('what is promised beside all this, and of hops that are counted, is proved and holds', async () => {
  const { verdicts, proofs } = await bottle.json<{ verdicts: readonly Said[]; proofs: readonly Said[] }>(0, 'verify', 'acts');
  expect(proofs.map(({ state }) => state)).toEqual(['proved', 'proved']);
  expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held']);
});

test('a watch puts back flows and groups that somebody deletes, and what they did is done again', { timeout: 120_000 }, async () => {
  const watcher = await watching(host, 'acts');
  const socket = await sh(host, 'find /run -name sw.mgmt');
  const counts = async (): Promise<readonly number[]> =>
    ['dump-flows', 'dump-groups'].reduce<Promise<readonly number[]>>(
      async (sofar, what) => [
        ...(await sofar),
        (await sh(host, `ovs-ofctl -O OpenFlow14 ${what} unix:${socket}`)).split('\n').filter((line) => /actions=/.test(line)).length,
      ],
      Promise.resolve([]),
    );
  const whole = await counts();
  expect(whole[0]).toBe(12);
  for (const [index, deed] of ['del-flows', 'del-groups'].entries()) {
    await sh(host, `ovs-ofctl -O OpenFlow14 ${deed} unix:${socket}`);
    await expect.poll(() => watcher.repaired().filter((one) => one === 'openflow:acts/sw').length, patience).toBe(index + 1);
    await expect.poll(counts, patience).toEqual(whole);
  }
  await sh(host, `ovs-ofctl -O OpenFlow14 --strict del-flows unix:${socket} priority=80,udp,udp_dst=7,in_port=probe.lan`);
  await expect.poll(counts, patience).toEqual(whole);
  await frames.send('probe', 'mended to=7');
  await expect
    .poll(() => frames.heard('a').filter((line) => line.startsWith('mended')), patience)
    .toEqual(['mended 0200000000aa 10.0.0.1:7007 ttl 64']);
  expect(await watcher.stop()).toBe(0);
  expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
  await bottle.ok('down', '-y', 'acts');
});
