/** Two switches with a trunk between them: what they remember, and what is seen in them. The same for Linux and Open vSwitch. */
import { expect } from 'vitest';
import { capturing } from '../capture/capturing.ts';
import { type Bottle, write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

const text = (type: 'linux' | 'ovs', ageing: number): string => `name: pair
switches:
  boxa: { type: ${type}, ageing: ${ageing}, trunks: { boxb: {} } }
  boxb: { type: ${type}, ageing: 3600 }
networks:
  green: { subnet: 10.71.0.0/24, switch: [boxa, boxb], vlan: 100 }
  red: { subnet: 10.72.0.0/24, switch: [boxa, boxb], vlan: 200, mode: host-only }
machines:
  one: { networks: { green: { address: 10.71.0.1, switch: boxa } } }
  two: { networks: { green: { address: 10.71.0.2, switch: boxb }, red: { address: 10.72.0.2, switch: boxb } } }
  three:
    networks:
      green: { address: 10.71.0.3, switch: boxb, tagged: true }
      red: { address: 10.72.0.3, switch: boxb, tagged: true }
`;

interface Mac {
  readonly switch: string;
  readonly port: string;
  readonly owner?: string;
  readonly network?: string;
  readonly vlan?: number;
  readonly kind: string;
  readonly age?: number;
  readonly left?: number;
}

/** Programs of a machine are started without Netbottle, which is slow where the processor is emulated. */
const pinging =
  (host: PrivateHost) =>
  (from: string, to: string): Promise<unknown> =>
    host.run(['ip', 'netns', 'exec', `pair.${from}`, 'ping', '-c', '1', '-W', '5', to]);

const learned = async (bottle: Bottle, ...of: readonly string[]): Promise<readonly string[]> =>
  (await bottle.json<{ macs: readonly Mac[] }>(0, 'show', 'macs', ...of, '-b', 'pair')).macs
    .filter(({ kind }) => kind === 'learned')
    .map(({ switch: where, port, owner, network, vlan }) => `${where} ${port}: ${owner} ${network} ${vlan}`);

const GREEN = [
  'boxa boxb: three green 100',
  'boxa boxb: two green 100',
  'boxa one: one green 100',
  'boxb boxa: one green 100',
  'boxb three: three green 100',
  'boxb two.green: two green 100',
];
const RED = ['boxb three: three red 200', 'boxb two.red: two red 200'];

/** Raises them, and looks at what they remember and at what passes them. */
export async function lookInto(host: PrivateHost, bottle: Bottle, type: 'linux' | 'ovs'): Promise<void> {
  const ping = pinging(host);
  await bottle.ok('up', '--no-verify', write(host, text(type, 600)));
  await ping('one', '10.71.0.2');
  await ping('one', '10.71.0.3');
  await ping('three', '10.72.0.2');
  expect(await learned(bottle)).toEqual(expect.arrayContaining([...GREEN, ...RED]));
  const green = await learned(bottle, 'green');
  expect(green).toEqual(expect.arrayContaining(GREEN));
  expect(green.filter((line) => !line.includes('green'))).toEqual([]);

  const everywhere = ['boxa', 'boxa/boxb', 'boxb/two.green', 'green', '-f', 'icmp[0] == 8 or (vlan and icmp[0] == 8)'];
  const capture = await capturing(host, 'pair', everywhere);
  await ping('one', '10.71.0.2');
  await ping('three', '10.71.0.1');
  await ping('three', '10.72.0.2');
  await expect.poll(() => capture.file().packets.length).toBeGreaterThanOrEqual(SEEN.length);
  expect(await capture.stop()).toBe(0);
  expect(
    capture
      .file()
      .packets.map(({ at, direction, data }) => `${at} ${direction}${tagIn(data)}`)
      .sort(),
  ).toEqual(SEEN.toSorted());
}

/** Who is quiet for as long as the file says is forgotten where it says so. */
export async function forget(host: PrivateHost, bottle: Bottle, type: 'linux' | 'ovs', ageing: number): Promise<void> {
  await bottle.ok('up', '-y', '--no-verify', write(host, text(type, ageing)));
  await pinging(host)('one', '10.71.0.2');
  const { macs } = await bottle.json<{ macs: readonly Mac[] }>(0, 'show', 'macs', 'boxa', '-b', 'pair');
  const one = macs.find(({ owner }) => owner === 'one');
  expect((one?.age ?? 0) + (one?.left ?? 0)).toBeCloseTo(ageing);
  await expect.poll(() => learned(bottle, 'boxa'), { timeout: 60_000 }).not.toContain('boxa one: one green 100');
  expect(await learned(bottle, 'boxb')).toContain('boxb boxa: one green 100');
}

/** Requests from one to two and from three to one in green, and one in red, which only `boxb` sees. */
const SEEN = ['boxa in', 'green in', 'boxa/boxb out 100', 'boxb/two.green out', 'green in 100', 'boxa in 100', 'boxa/boxb in 100'];

const tagIn = (data: Buffer): string => (data.readUInt16BE(12) === 0x8100 ? ` ${data.readUInt16BE(14) & 0xfff}` : '');
