/** What is in a packet of its own, and what crosses a switch of Open vSwitch: each layer is shown, and what nobody tells of is marked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bottle, bottleIn, example, sh } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { privateHost } from '../host-state/private-host.ts';

interface Exchange {
  readonly packets: readonly { readonly there: { readonly steps: readonly { readonly kind: string; readonly told?: false }[] } }[];
}

function raised(name: string) {
  let host: PrivateHost | undefined;
  let bottle: Bottle | undefined;
  beforeAll(async () => {
    host = await privateHost();
    bottle = bottleIn(host);
    await bottle.ok('up', '--no-verify', example(name, 'bottle.yaml'));
  });
  afterAll(() => host?.end());
  return {
    host: () => host ?? fail(),
    bottle: () => bottle ?? fail(),
  };
}

const fail = (): never => {
  throw new Error('the bottle is not up');
};

/** Without marks: what `trace` shows is what `explain` shows. */
const bare = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/ {2}\(model\)/, '').replaceAll(/:(4\d{4}|6\d{4})\b/g, ':PORT'))
    .filter((line) => line !== '' && !line.startsWith('The kernel'));

describe('an overlay over a router', () => {
  const { bottle } = raised('vxlan-mesh');

  test.each(['explain', 'trace'])('%s shows the outer packet: addresses, VNI, port, and the links of the underlay', async (command) => {
    const text = await bottle().ok(command, 'n5', '192.168.60.21', 'http', '-b', 'vxlan-mesh');
    expect(text).toMatch(/n5 +sends 192\.168\.60\.15:\d+ -> 192\.168\.60\.21:80/);
    expect(text).toMatch(/ mesh: in a packet of VXLAN, VNI 100\n/);
    expect(text).toMatch(/ \| sends udp 10\.50\.1\.15:\d+ -> 10\.50\.2\.11:4789/);
    expect(text).toMatch(/north +\| bridge, from port n5\.north to border\.north/);
    expect(text).toMatch(/border +\| comes in by north/);
    expect(text).toMatch(/ \| route 10\.50\.2\.0\/24 dev south/);
    expect(text).toMatch(/south +\| bridge, from port border\.south to s1\.south/);
    expect(text).toMatch(/ mesh: out of it\n +comes in by mesh/);
  });

  test('trace shows the same lines as explain, and marks those of the outer packet', async () => {
    const words = ['n5', '192.168.60.21', 'http', '-b', 'vxlan-mesh'];
    const [explained, traced] = [await bottle().ok('explain', ...words), await bottle().ok('trace', ...words)];
    expect(bare(traced)).toEqual(bare(explained));
    expect(traced).toMatch(/\| comes in by north {2}\(model\)/);
    const { packets } = await bottle().json<Exchange>(0, 'trace', ...words);
    const steps = packets[0]?.there.steps ?? [];
    const [into, out] = ['encapsulated', 'decapsulated'].map((kind) => steps.findIndex((step) => step.kind === kind));
    expect(steps.map(({ told }, place) => (told === false) === (place > (into ?? 0) && place < (out ?? 0)))).not.toContain(false);
  });
});

describe('switches of Open vSwitch', () => {
  const { bottle, host } = raised('openflow');

  test('trace shows them where the model has them, with the flow that lets a packet pass', async () => {
    const words = ['web4', 'web2', 'ping', '-b', 'openflow'];
    const [explained, traced] = [await bottle().ok('explain', ...words), await bottle().ok('trace', ...words)];
    expect(bare(traced)).toEqual(bare(explained));
    expect(traced).toMatch(/boxa +bridge, from port \S+ to \S+, VLAN 1 {2}\(model\)/);
    expect(traced).toMatch(/flow table 0, priority 200: normal {2}\(model\)/);
  });

  test('trace names the flow that drops, where the packet came as far and no further', async () => {
    const text = await bottle().ok('trace', 'web4', 'web2', 'http', '-b', 'openflow');
    expect(text.split('\n')[0]).toMatch(/^web4 -> web2 tcp\/80, IPv4: dropped at /);
    expect(text).toMatch(/flow table 0, priority 100: drop {2}\(model\)/);
  });

  test('where the switch does something else, that is a difference', async () => {
    const socket = await sh(host(), 'find /run -name boxa.mgmt');
    await sh(host(), `ovs-ofctl -O OpenFlow14 add-flow unix:${socket} priority=2000,icmp,actions=drop`);
    const { status, stdout } = await bottle()(['trace', 'web1', 'web3', 'ping', '-b', 'openflow']);
    expect({ status, stdout }).toMatchObject({ status: 6 });
    expect(stdout).toContain('The kernel did something else than the model says:');
  });
});
