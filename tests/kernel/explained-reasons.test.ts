/** What `explain` says becomes of a packet, and what the kernel does to one that is made by hand: the same ICMP error, or silence. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { resolve } from '../../src/network/resolve.ts';
import { at } from '../../src/observe/network.fixture.ts';
import { responseTo } from '../../src/proof/path/answer.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import { follow, type Opening } from '../../src/proof/path/follow.ts';
import type { Model } from '../../src/proof/path/model.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import { parseBottle } from '../../src/spec/load.ts';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { SENDER } from './hand-made.fixture.ts';

/** As the ends of the cases have them; with a policy, sources are checked and connections tracked. */
const fileOf = (name: string, policy: string): string => `name: ${name}
networks:
  a: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  b: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
  c: { subnet: [10.3.0.0/24, "fd00:3::/64"], mtu: 1400 }
routers:
  one: { networks: { a: [10.1.0.1, "fd00:1::1"], b: [10.2.0.1, "fd00:2::1"] }, routes: { 172.16.0.0/16: 10.2.0.2, "fd16::/16": "fd00:2::2", 172.17.0.0/16: 10.2.0.2, "fd17::/16": "fd00:2::2" } }
  two: { networks: { b: [10.2.0.2, "fd00:2::2"], c: [10.3.0.2, "fd00:3::2"] }, routes: { 172.16.0.0/15: 10.2.0.1, "fd16::/15": "fd00:2::1", 172.17.0.0/16: none, "fd17::/16": none } }
machines:
  x: { networks: { a: [10.1.0.9, "fd00:1::9"] }, routes: { 172.18.0.0/16: 10.1.0.8, "fd18::/16": "fd00:1::8" } }
  w: { networks: { a: [10.1.0.8, "fd00:1::8"] } }
  y: { networks: { c: [10.3.0.9, "fd00:3::9"] }, listen: [http] }
${policy}`;

const files = {
  lab: fileOf(
    'lab',
    `policy:
  any -> any: any
  x -> y: { deny: [udp/99, tcp/99], action: reject }
`,
  ),
  plain: fileOf('plain', ''),
};

interface Explained {
  readonly family: number;
  readonly there: { readonly ending: { readonly kind: string; readonly at: string } };
  readonly back?: object;
  readonly error?: {
    readonly name: string;
    readonly type: number;
    readonly code: number;
    readonly steps: readonly { readonly packet?: { readonly source: string } }[];
  };
  readonly recognized?: boolean;
}

const host = hostForAll();
const bottle = bottleIn(host);
let sender: string;
beforeAll(async () => {
  sender = join(host.directory, 'sender.py');
  writeFileSync(sender, SENDER);
  for (const [name, file] of Object.entries(files)) await bottle.ok('up', write(host, file, `${name}.yaml`));
}, 60_000);

/** What the kernel answers: `11/0 from 10.1.0.1`, `reset`, `echo reply` or `silence`. */
const send = async (name: string, machine: string, ...words: readonly string[]): Promise<string> =>
  (await bottle.sh(name, machine, ['python3', sender, ...words].join(' '))).trim();

async function explained(name: string, family: 4 | 6, ...words: readonly string[]): Promise<Explained> {
  const { packets } = await bottle.json<{ packets: readonly Explained[] }>(0, 'explain', '-b', name, ...words);
  const found = packets.find((one) => one.family === family);
  if (found === undefined) throw new Error('not explained');
  return found;
}

interface Case {
  /** The kind of its end, and where that is. */
  readonly ending: string;
  /** The error that comes back; absent where nothing does. */
  readonly error?: string;
  /** Without a family: in both. */
  readonly to: readonly [string, string];
  /** As `explain` has it. */
  readonly service: string;
  readonly options?: readonly string[];
  readonly only?: 4 | 6;
  /** The bottle without a policy, instead of the one with. */
  readonly plain?: true;
}

const y = ['10.3.0.9', 'fd00:3::9'] as const;

const cases: readonly Case[] = [
  { ending: 'no-route one', error: 'no-route', to: ['9.9.9.9', 'fd99::9'], service: 'udp/9' },
  { ending: 'unreachable two', error: 'host-unreachable', to: ['172.17.0.1', 'fd17::1'], service: 'udp/9', only: 4 },
  { ending: 'unreachable two', error: 'no-route', to: ['172.17.0.1', 'fd17::1'], service: 'udp/9', only: 6 },
  { ending: 'hop-limit two', error: 'hop-limit-exceeded', to: ['172.16.0.1', 'fd16::1'], service: 'udp/9', plain: true },
  // Packets that come back from where their source cannot be go no further.
  { ending: 'dropped one', to: ['172.16.0.1', 'fd16::1'], service: 'udp/9' },
  { ending: 'hop-limit two', error: 'hop-limit-exceeded', to: y, service: 'ping', options: ['--ttl', '2'] },
  { ending: 'too-big two', error: 'too-big', to: y, service: 'ping', options: ['--size', '1401'] },
  { ending: 'delivered y', to: y, service: 'ping', options: ['--size', '1400'] },
  { ending: 'delivered y', to: y, service: 'ping', options: ['--size', '1401', '--no-df'], only: 4 },
  { ending: 'nobody-there two', error: 'host-unreachable', to: ['10.3.0.99', 'fd00:3::99'], service: 'udp/9' },
  { ending: 'rejected one', error: 'admin-prohibited', to: y, service: 'udp/99' },
  { ending: 'rejected one', to: y, service: 'tcp/99' },
  { ending: 'delivered y', error: 'port-unreachable', to: y, service: 'udp/9' },
  { ending: 'delivered y', error: 'port-unreachable', to: y, service: 'udplite/9', plain: true },
  { ending: 'dropped one', to: y, service: 'udplite/9' },
  { ending: 'delivered y', error: 'protocol-unreachable', to: y, service: 'sctp/9' },
  { ending: 'delivered y', error: 'protocol-unreachable', to: y, service: 'protocol/253' },
  { ending: 'delivered y', to: y, service: 'tcp/9' },
  { ending: 'delivered y', to: y, service: 'http' },
  { ending: 'to-all two', to: ['10.3.0.255', ''], service: 'udp/9', only: 4 },
  { ending: 'not-forwarded w', to: ['172.18.0.1', 'fd18::1'], service: 'udp/9', only: 4 },
  // An answer to nothing, and a packet from the middle of a connection.
  { ending: 'dropped one', to: y, service: 'icmp/echo-reply' },
  { ending: 'delivered y', to: y, service: 'icmp/timestamp-request', only: 4 },
  { ending: 'martian-source one', to: y, service: 'ping', options: ['--source', '10.2.0.1'], only: 4 },
  { ending: 'dropped one', to: y, service: 'ping', options: ['--source', '10.3.0.77'], only: 4 },
  { ending: 'martian-source one', to: y, service: 'ping', options: ['--source', '127.0.0.1'], only: 4 },
  { ending: 'martian-source one', to: y, service: 'ping', options: ['--source', '::1'], only: 6 },
];

describe.each(cases)('$ending, $error: $service $options', ({ ending, error, to, service, options = [], only, plain }) => {
  test.each(([4, 6] as const).filter((family) => only === undefined || only === family))('IPv%i', async (family) => {
    const target = to[family === 4 ? 0 : 1];
    const name = plain === true ? 'plain' : 'lab';
    const said = await explained(name, family, 'x', target, service, ...options);
    expect(`${said.there.ending.kind} ${said.there.ending.at}`).toBe(ending);
    expect(said.error?.name).toBe(error);
    const source = said.error?.steps[0]?.packet?.source;
    const told =
      said.error === undefined ? (said.back === undefined ? 'silence' : 'answer') : `${said.error.type}/${said.error.code} from ${source}`;
    const wait = told === 'silence' ? ['--wait', '1.5'] : [];
    expect(await send(name, 'x', String(family), target, service, ...options, ...wait)).toBe(told);
  });
});

test("a frame for a MAC address that nobody has is nobody's", async () => {
  const mac = '02:00:00:00:00:09';
  const said = await explained('plain', 4, 'x', '10.2.0.2', 'ping', '--to-mac', mac);
  expect(said.there.ending).toMatchObject({ kind: 'nobody-has-mac', mac });
  await bottle.sh('plain', 'x', `ip neigh replace 10.1.0.1 lladdr ${mac} dev a`);
  expect(await send('plain', 'x', '4', '10.2.0.2', 'ping', '--wait', '1.5')).toBe('silence');
  await bottle.sh('plain', 'x', 'ip neigh del 10.1.0.1 dev a');
});

/** With something in it that no file can say. */
function modelOfChanged(change: (resources: readonly Resource[]) => readonly Resource[]): Model {
  const parsed = parseBottle(files.plain, 'plain.yaml').file;
  const network = parsed && resolve(parsed).network;
  if (network === undefined) throw new Error('the file is wrong');
  return modelOf(
    change(
      compile(network, { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] }),
    ),
  );
}

const ping = (to: string, source: string): Opening => ({ family: 4, protocol: 1, icmpType: 8, destination: at(to), source: at(source) });

test('the reverse path filter drops what would not go back the way that it came', async () => {
  const key = 'net/ipv4/conf/all/rp_filter';
  const model = modelOfChanged((resources) => [
    ...resources,
    { kind: 'sysctl', origin: [], namespace: 'plain.one', key, value: '1' } as const,
  ]);
  expect(follow({ model, trackings: new Map() }, 'plain.x', ping('10.3.0.9', '10.3.0.77')).ending).toEqual({
    kind: 'reverse-path',
    at: 'plain.one',
    device: 'a',
  });
  const dropped = async (): Promise<number> =>
    Number(
      await bottle.sh(
        'plain',
        'one',
        'awk \'/^TcpExt/ { if (!n++) { for (i = 1; i <= NF; i++) if ($i == "IPReversePathFilter") c = i } else print $c }\' /proc/net/netstat',
      ),
    );
  await bottle.sh('plain', 'one', `echo 1 > /proc/sys/${key}`);
  const before = await dropped();
  expect(await send('plain', 'x', '4', '10.3.0.9', 'ping', '--source', '10.3.0.77', '--wait', '0.5')).toBe('silence');
  expect(await dropped()).toBe(before + 1);
  await bottle.sh('plain', 'one', `echo 0 > /proc/sys/${key}`);
});

test('nobody is there behind a device that is down, and the router says so', async () => {
  const model = modelOfChanged((resources) =>
    resources.map((one) =>
      one.kind === 'veth' && one.name === 'y/c' ? { ...one, ends: [{ ...one.ends[0], up: false }, one.ends[1]] as const } : one,
    ),
  );
  const there = follow({ model, trackings: new Map() }, 'plain.x', ping('10.3.0.9', '10.1.0.9'));
  expect(there.ending).toEqual({ kind: 'link-down', at: 'plain.two', device: 'c', down: { at: 'plain.y', device: 'c' } });
  expect(responseTo(there)?.what).toMatchObject({ name: 'host-unreachable' });
  await bottle.sh('plain', 'y', 'ip link set dev c down');
  await bottle.sh('plain', 'two', 'ip neigh flush dev c');
  expect(await send('plain', 'x', '4', '10.3.0.9', 'ping')).toBe('3/1 from 10.2.0.2');
});
