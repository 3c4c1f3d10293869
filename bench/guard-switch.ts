/** A switch with a sender at each of two ports and a receiver, in namespaces of their own. */
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AF_PACKET, bind, inOneCall, MS_SHARED, mount, mountTmpfs, SOCK_RAW, send, socket } from '../src/backend/kernel/libc.ts';
import { within, withinNew } from '../src/backend/kernel/namespace.ts';
import { devices } from '../src/backend/kernel/netlink/devices.ts';
import { changeDevice, createBridge, setUp } from '../src/backend/kernel/netlink/link.ts';
import { type NetlinkSocket, withSocket } from '../src/backend/kernel/netlink/socket.ts';
import { createVeth } from '../src/backend/kernel/netlink/veth.ts';
import { writeSysctl } from '../src/backend/kernel/sysctl.ts';
import { nft } from '../src/backend/nftables/libnftables.ts';

const DIRECTORY = '/run/bench-guard';
const DEVICE = 'lan';
/** Packets that one system call sends. */
const BATCH = 256;

export interface Port {
  /** The switch's end. */
  readonly name: string;
  readonly mac: string;
}

const pathOf = (namespace: string): string => join(DIRECTORY, namespace);
const inside = <T>(namespace: string, act: (netlink: NetlinkSocket) => T): T => within(pathOf(namespace), () => withSocket(act));

const indexOf = (netlink: NetlinkSocket, device: string): number => devices(netlink).find(({ name }) => name === device)?.index ?? 0;

function flush(netlink: NetlinkSocket): void {
  const [failure] = netlink.flush();
  if (failure !== undefined) throw failure.error;
}

/** It is gone with the process, if that has mounts of its own. */
export function makeSwitch(ports: readonly Port[]): void {
  mkdirSync(DIRECTORY, { recursive: true });
  mountTmpfs(DIRECTORY, 'mode=755');
  mount('none', DIRECTORY, MS_SHARED);
  withinNew(pathOf('fabric'), () => undefined);
  for (const { name } of ports) withinNew(pathOf(name), () => writeSysctl('net/ipv6/conf/default/disable_ipv6', '1'));
  inside('fabric', (netlink) => {
    createBridge(netlink, { device: DEVICE, mac: '02:00:00:ff:ff:ff', mtu: 1500 }, { stp: false, forwardDelay: 2, ageing: 300 });
    setUp(netlink, DEVICE, true);
    flush(netlink);
    const master = indexOf(netlink, DEVICE);
    for (const { name, mac } of ports) {
      const peer = openSync(pathOf(name), 'r');
      createVeth(netlink, { device: name, mac: `fe${mac.slice(2)}`, mtu: 1500 }, { device: DEVICE, mac, mtu: 1500 }, peer);
      changeDevice(netlink, name, { master, noLinkLocal: true });
      setUp(netlink, name, true);
      flush(netlink);
      closeSync(peer);
    }
  });
  for (const { name } of ports) {
    inside(name, (netlink) => {
      setUp(netlink, DEVICE, true);
      flush(netlink);
    });
  }
}

/** All rules of the switch, which replace those that it had. */
export const filter = (rules: string): void => within(pathOf('fabric'), () => void nft(`flush ruleset\n${rules}`));

/** A socket for raw frames at the machine's end of a port. */
export const openRaw = (port: Port): number =>
  inside(port.name, (netlink) => {
    const address = Buffer.alloc(20);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeInt32LE(indexOf(netlink, DEVICE), 4);
    const fd = socket(AF_PACKET, SOCK_RAW, 0);
    bind(fd, address);
    return fd;
  });

/** Shows the switch where it is. */
export const announce = (fd: number, frame: Uint8Array): void => void send(fd, frame);

function received(port: Port): number {
  const text = within(pathOf(port.name), () => readFileSync('/proc/thread-self/net/dev', 'utf8'));
  return Number(new RegExp(`${DEVICE}:\\s*\\d+\\s+(\\d+)`).exec(text)?.[1]);
}

/** Packets a second that arrive at `to` while `fd` sends for so many seconds. */
export function rate(fd: number, frame: Uint8Array, to: Port, seconds: number): number {
  const burst = inOneCall(Buffer.concat(Array.from({ length: BATCH }, () => frame)), frame.length);
  const before = received(to);
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) burst(fd);
  return ((received(to) - before) * 1000) / (performance.now() - start);
}
