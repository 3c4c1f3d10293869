/**
 * The peer of `bottle up`: straight calls that make the same kernel objects, with no file, plan, notes or look at what is
 * there. Same primitives, same marks, same batches.
 *
 *     bare-star up DIRECTORY N | bare-star down DIRECTORY
 */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MNT_DETACH, MS_SHARED, mount, mountTmpfs, umount } from '../src/backend/kernel/libc.ts';
import { markText } from '../src/backend/kernel/mark.ts';
import { within, withinNew } from '../src/backend/kernel/namespace.ts';
import { addAddress } from '../src/backend/kernel/netlink/address.ts';
import { devices } from '../src/backend/kernel/netlink/devices.ts';
import { changeDevice, createBridge, setUp } from '../src/backend/kernel/netlink/link.ts';
import { putRoute } from '../src/backend/kernel/netlink/route.ts';
import { type NetlinkSocket, withSocket } from '../src/backend/kernel/netlink/socket.ts';
import { createVeth } from '../src/backend/kernel/netlink/veth.ts';
import { writeSysctl } from '../src/backend/kernel/sysctl.ts';
import { optimizeLate } from '../src/cli/optimize-late.ts';
import { addressOf, BEYOND_GATEWAY, GATEWAY } from './star-file.ts';

const BOTTLE = 'bare-star';
const FABRIC = 'fabric';
/** A Linux bridge takes 1,023 ports; a larger star gets further bridges behind the first, as Netbottle's does. */
const PORTS_PER_BRIDGE = 800;
/** Descriptors of namespaces that are open at a time. */
const OPEN_AT_ONCE = 128;
const MTU = 1500;
const BRIDGE = { stp: false, forwardDelay: 2, ageing: 300 };

optimizeLate();
const [command, directory = '', size = '0'] = process.argv.slice(2);

const pathOf = (namespace: string): string => join(directory, namespace);

let macs = 0;
const nextMac = (): string =>
  `02:${(++macs)
    .toString(16)
    .padStart(10, '0')
    .replace(/..(?!$)/g, '$&:')}`;

const inside = (namespace: string, act: (socket: NetlinkSocket) => void): void =>
  within(pathOf(namespace), () => withSocket((socket) => finish(socket, act)));

function finish(socket: NetlinkSocket, act: (socket: NetlinkSocket) => void): void {
  act(socket);
  check(socket);
}

function check(socket: NetlinkSocket): void {
  const [failure] = socket.flush();
  if (failure !== undefined) throw failure.error;
}

function mark(socket: NetlinkSocket, device: string, kind: string, name: string, end: 0 | 1, master?: number): void {
  const alias = markText({ bottle: BOTTLE, kind, name, end });
  changeDevice(
    socket,
    device,
    kind === 'namespace' ? { alias } : { alias, noLinkLocal: true, ...(master === undefined ? {} : { master }) },
  );
  setUp(socket, device, true);
}

function makeNamespace(name: string): void {
  withinNew(pathOf(name), () => withSocket((socket) => finish(socket, () => mark(socket, 'lo', 'namespace', name, 0))));
}

function makeBridge(socket: NetlinkSocket, device: string): void {
  createBridge(socket, { device, mac: nextMac(), mtu: MTU }, BRIDGE);
  mark(socket, device, 'bridge', device, 0);
}

const indicesIn = (socket: NetlinkSocket): ReadonlyMap<string, number> => new Map(devices(socket).map(({ name, index }) => [name, index]));

interface Leg {
  readonly machine: string;
  readonly segment: string;
  readonly bridge: string;
  readonly address: string;
}

function makeFabric(legs: readonly Leg[], leaves: number): void {
  inside(FABRIC, (socket) => {
    makeBridge(socket, 'beyond');
    for (let leaf = 0; leaf < leaves; leaf++) {
      makeBridge(socket, leafName(leaf));
      if (leaf > 0)
        createVeth(
          socket,
          { device: `up${leaf}`, mac: nextMac(), mtu: MTU },
          { device: `down${leaf}`, mac: nextMac(), mtu: MTU },
          undefined,
        );
    }
    check(socket);
    const indices = indicesIn(socket);
    for (let leaf = 1; leaf < leaves; leaf++) {
      mark(socket, `up${leaf}`, 'veth', `trunk${leaf}`, 0, indices.get(leafName(leaf)));
      mark(socket, `down${leaf}`, 'veth', `trunk${leaf}`, 1, indices.get(leafName(0)));
    }
    const open: number[] = [];
    for (const { machine, segment, bridge } of legs) {
      const peer = openSync(pathOf(machine), 'r');
      open.push(peer);
      const device = `${machine}.${segment}`;
      createVeth(socket, { device, mac: nextMac(), mtu: MTU }, { device: segment, mac: nextMac(), mtu: MTU }, peer);
      mark(socket, device, 'veth', `${machine}/${segment}`, 1, indices.get(bridge));
      if (open.length < OPEN_AT_ONCE) continue;
      check(socket);
      open.splice(0).forEach(closeSync);
    }
    check(socket);
    open.forEach(closeSync);
  });
}

const leafName = (leaf: number): string => (leaf === 0 ? 'star' : `star.${leaf}`);

function settle(machine: string, legs: readonly Leg[], router: boolean): void {
  inside(machine, (socket) => {
    if (router) writeSysctl('net/ipv4/ip_forward', '1');
    for (const { segment } of legs) mark(socket, segment, 'veth', `${machine}/${segment}`, 0);
    const indices = indicesIn(socket);
    for (const { segment, address } of legs) addAddress(socket, indices.get(segment) ?? 0, address);
    if (!router) putRoute(socket, { to: '0.0.0.0/0', type: 'unicast', via: GATEWAY, device: indices.get('star') }, true);
  });
}

function up(count: number): void {
  mkdirSync(directory, { recursive: true });
  mountTmpfs(directory, 'mode=755');
  mount('none', directory, MS_SHARED);
  const leaves = Math.max(1, Math.ceil((count + 1) / PORTS_PER_BRIDGE));
  const machines = Array.from(
    { length: count },
    (_, i): Leg => ({ machine: `m${i + 1}`, segment: 'star', bridge: leafName(i % leaves), address: `${addressOf(i)}/16` }),
  );
  const gateway: readonly Leg[] = [
    { machine: 'gw', segment: 'star', bridge: leafName(0), address: `${GATEWAY}/16` },
    { machine: 'gw', segment: 'beyond', bridge: 'beyond', address: `${BEYOND_GATEWAY}/24` },
  ];
  for (const name of [FABRIC, 'gw', ...machines.map(({ machine }) => machine)]) makeNamespace(name);
  makeFabric([...gateway, ...machines], leaves);
  settle('gw', gateway, true);
  for (const leg of machines) settle(leg.machine, [leg], false);
}

/** One call detaches all that is mounted in the directory. */
function down(): void {
  umount(directory, MNT_DETACH);
  rmSync(directory, { recursive: true });
}

if (command === 'up') up(Number(size));
else if (command === 'down') down();
else throw new Error('bare-star up DIRECTORY N | bare-star down DIRECTORY');
