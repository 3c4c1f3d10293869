import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, example, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { attack, framesIn, twoSwitches } from './vlan-frames.ts';

interface Shown {
  readonly nodes: readonly {
    readonly links: readonly { readonly addresses: readonly string[]; readonly mtu: number; readonly up: boolean }[];
  }[];
}

const host = hostForAll();
const bottle = bottleIn(host);

describe.each([false, true])('on switches of Open vSwitch, native VLAN on the trunk: %s', (native) => {
  beforeAll(() => bottle.ok('up', write(host, twoSwitches('ovs', native))));
  afterAll(() => bottle.ok('down', '-y', 'vlans'));

  test('no frame gets into another VLAN, whatever tags it has', async () => {
    const wire = (await bottle.sh('vlans', 't1', 'ls /sys/class/net')).split(/\s+/).find((name) => name.startsWith('one')) ?? '';
    const { g2, r1, r2, b1, b2 } = await attack(framesIn(host, 'vlans'), wire);
    expect({ r1, r2, b1, b2 }).toEqual({ r1: [], r2: [], b1: [], b2: [] });
    expect(g2).toEqual(expect.arrayContaining(['plain', 'tagged 8100:100']));
  });
});

describe('ovs-vlan', () => {
  beforeAll(() => bottle.ok('up', '--no-verify', example('ovs-vlan', 'bottle.yaml')));
  afterAll(() => bottle.ok('down', '-y', 'ovs-vlan'));

  test('frames have their tag on the trunk, and none at the machines', async () => {
    const seen = async (where: string, device: string): Promise<string> => {
      const watching = host.start(['ip', 'netns', 'exec', where, 'tcpdump', '-l', '-e', '-n', '-i', device], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      watching.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
      if (watching.stderr !== null) await once(watching.stderr, 'data');
      await bottle.sh('ovs-vlan', 'web1', 'ping -c 1 192.168.50.3');
      await expect.poll(() => text).toContain('ICMP echo reply');
      watching.kill('SIGKILL');
      return text;
    };
    const trunk = (await seen('ovs-vlan', 'boxa.boxb')).split('\n').filter((line) => line.includes('ICMP'));
    expect(trunk.filter((line) => !line.includes('vlan 100,'))).toEqual([]);
    expect(await seen('ovs-vlan.web3', 'green')).not.toContain('vlan');
  });

  test('what is in a VLAN of its own is not reached with an address of the other', async () => {
    expect(await bottle.sh('ovs-vlan', 'web4', 'ip address add 192.168.50.4/24 dev red; ping -c 1 -W 1 192.168.50.3')).toContain(
      ' 0 received',
    );
  });
});

test('router-on-a-stick: large transfers pass from VLAN to VLAN over the one cable', async () => {
  await bottle.ok('up', '--no-verify', example('router-on-a-stick', 'bottle.yaml'));
  const server = write(
    host,
    "import socket\ns = socket.create_server(('10.2.20.11', 8081))\nprint('ready', flush=True)\nc = s.accept()[0]\nn = 0\nwhile d := c.recv(65536): n += len(d)\nprint(n)\n",
    'serve.py',
  );
  const file = write(
    host,
    (await bottle.sh('router-on-a-stick', 'app1', `cat ${example('router-on-a-stick', 'bottle.yaml')}`)).replace(
      'web -> app: http',
      'web -> app: [http, tcp/8081]',
    ),
  );
  // More than the file promises.
  await bottle.ok('up', '--no-prove', '--no-verify', file);
  const client = "s=__import__('socket').create_connection(('10.2.20.11',8081),9);s.sendall(bytes(3000000));s.close()";
  const serving = bottle.sh('router-on-a-stick', 'app1', `timeout 30 python3 ${server}`);
  await expect.poll(() => bottle.sh('router-on-a-stick', 'app1', 'ss -tlnH sport = 8081')).toContain('8081');
  await bottle.sh('router-on-a-stick', 'web1', `python3 -c "${client}"`);
  expect(await serving).toContain('3000000');
  await bottle.ok('down', '-y', 'router-on-a-stick');
});

test('router-on-a-stick: the router is shown with its address and MTU in each VLAN, wherever the tags are taken off', async () => {
  await bottle.ok('up', '--no-verify', example('router-on-a-stick', 'bottle.yaml'));
  const { nodes } = await bottle.json<Shown>(0, 'show', '-b', 'router-on-a-stick', 'gate');
  const links = nodes.flatMap((node) => node.links.map(({ addresses: [first], mtu, up }) => ({ first, mtu, up })));
  expect(links.filter(({ first }) => first !== undefined).toSorted((a, b) => String(a.first).localeCompare(String(b.first)))).toEqual([
    { first: '10.2.10.1/24', mtu: 1500, up: true },
    { first: '10.2.20.1/24', mtu: 1500, up: true },
    { first: '10.2.30.1/24', mtu: 1500, up: true },
  ]);
  await bottle.ok('down', '-y', 'router-on-a-stick');
});
