/** A router with a sender at one leg and a receiver at another, each in a namespace of its own, and first packets of connections. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { toBytes } from '../src/address/bytes.ts';
import { parseAddress } from '../src/address/parse.ts';
import { AF_PACKET, bind, inOneCall, SOCK_RAW, socket } from '../src/backend/kernel/libc.ts';
import { within } from '../src/backend/kernel/namespace.ts';
import { devices } from '../src/backend/kernel/netlink/devices.ts';
import { withSocket } from '../src/backend/kernel/netlink/socket.ts';
import { nft } from '../src/backend/nftables/libnftables.ts';

const GATE = '02:00:00:00:00:01';
const SENDER = '02:00:00:00:00:02';
const RECEIVER = '02:00:00:00:00:03';
/** Packets that one system call sends. */
const BATCH = 512;
/** Milliseconds for the last packets to arrive. */
const PATIENCE = 200;

export interface BenchRouter {
  readonly name: string;
  /** A raw socket at the sender. */
  readonly fd: number;
}

const pathOf = (namespace: string): string => `/run/netns/${namespace}`;

/** `legs` are the interfaces of the router at the sender and at the receiver, `rules` its whole ruleset. */
export function makeRouter(name: string, [near, far]: readonly [string, string], targets: readonly string[], rules: string): BenchRouter {
  const [router, sender, receiver] = [`${name}-router`, `${name}-sender`, `${name}-receiver`];
  execFileSync('sh', [
    '-euc',
    `for one in ${router} ${sender} ${receiver}; do ip netns add $one; done
    ip -n ${router} link add ${near} address ${GATE} type veth peer name eth0 address ${SENDER} netns ${sender}
    ip -n ${router} link add ${far} type veth peer name eth0 address ${RECEIVER} netns ${receiver}
    ip netns exec ${router} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv6.conf.default.accept_dad=0
    ip netns exec ${receiver} sysctl -qw net.ipv6.conf.default.disable_ipv6=1
    ip -n ${sender} link set eth0 up; ip -n ${receiver} link set eth0 up
    ip -n ${router} link set ${near} up; ip -n ${router} link set ${far} up
    ip -n ${router} addr add 10.0.0.1/16 dev ${near}; ip -n ${router} addr add fd00:0::1/64 dev ${near}
    ip -n ${router} addr add 10.1.0.1/16 dev ${far}; ip -n ${router} addr add fd00:1::1/64 dev ${far}
    ${targets.map((to) => `ip -n ${router} neigh add ${to} lladdr ${RECEIVER} dev ${far} nud permanent`).join('\n')}`,
  ]);
  within(pathOf(router), () => void nft(rules));
  const fd = within(pathOf(sender), () => {
    const address = Buffer.alloc(20);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeInt32LE(
      withSocket((netlink) => devices(netlink).find(({ name: device }) => device === 'eth0')?.index ?? 0),
      4,
    );
    const raw = socket(AF_PACKET, SOCK_RAW, 0);
    bind(raw, address);
    return raw;
  });
  return { name, fd };
}

const bytesOf = (text: string): Uint8Array => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`${text} is no address`);
  return toBytes(parsed.value);
};

const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');

/** First packets of as many connections, each from a port of its own: UDP without data, in as many calls as it takes. */
export function openings(from: string, to: string, port: number, count: number): readonly ((fd: number) => number)[] {
  const [source, target] = [bytesOf(from), bytesOf(to)];
  const head = source.length === 4 ? headerOf4(source, target) : headerOf6(source, target);
  const link = [...macBytes(GATE), ...macBytes(SENDER), ...(source.length === 4 ? [0x08, 0x00] : [0x86, 0xdd])];
  const size = link.length + head.length + 8;
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => {
    const packets = Buffer.alloc(size * BATCH);
    for (let i = 0; i < BATCH; i++) {
      packets.set([...link, ...head], i * size);
      const at = i * size + size - 8;
      packets.writeUInt16BE(1024 + ((batch * BATCH + i) % 64_000), at);
      packets.writeUInt16BE(port, at + 2);
      packets.writeUInt16BE(8, at + 4);
      packets.writeUInt16BE(sourceSum([...head], packets.subarray(at, at + 8)), at + 6);
    }
    return inOneCall(packets, size);
  });
}

const HOPS = 64;
const UDP = 17;

function headerOf4(source: Uint8Array, target: Uint8Array): Uint8Array {
  const head = Buffer.from([0x45, 0, 0, 28, 0, 0, 0x40, 0, HOPS, UDP, 0, 0, ...source, ...target]);
  head.writeUInt16BE(checksum(head), 10);
  return head;
}

const headerOf6 = (source: Uint8Array, target: Uint8Array): Uint8Array =>
  Buffer.from([0x60, 0, 0, 0, 0, 8, UDP, HOPS, ...source, ...target]);

/** With the pseudo header (RFC 768; RFC 8200, 8.1), which connection tracking looks at. */
const sourceSum = (head: readonly number[], udp: Uint8Array): number =>
  checksum(Uint8Array.from([...(head.length === 20 ? head.slice(12) : head.slice(8)), 0, UDP, 0, 8, ...udp])) || 0xffff;

function checksum(data: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) sum += ((data[i] ?? 0) << 8) | (data[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

function received({ name }: BenchRouter): number {
  const text = within(pathOf(`${name}-receiver`), () => readFileSync('/proc/thread-self/net/dev', 'utf8'));
  return Number(/eth0:\s*\d+\s+(\d+)/.exec(text)?.[1]);
}

/** Connections a second that come through: the first packets of all, once, to a router that knows of none. */
export function rate(
  router: BenchRouter,
  calls: readonly ((fd: number) => number)[],
): { readonly perSecond: number; readonly share: number } {
  forgetAll(router);
  const before = received(router);
  const start = performance.now();
  let sent = 0;
  for (const call of calls) sent += call(router.fd);
  const seconds = (performance.now() - start) / 1000;
  const perSecond = (received(router) - before) / seconds;
  // Some are still on their way.
  while (received(router) - before < sent && performance.now() - start < seconds * 1000 + PATIENCE);
  return { perSecond, share: (received(router) - before) / sent };
}

/** IPCTNL_MSG_CT_DELETE without a tuple (nfnetlink_conntrack.h). */
const CT_DELETE = (1 << 8) | 2;

function forgetAll({ name }: BenchRouter): void {
  within(pathOf(`${name}-router`), () =>
    withSocket((netlink) => {
      for (const family of [2, 10]) netlink.add(CT_DELETE, 0, 4, 'tracked connections', (_writer, body, at) => body.writeUInt8(family, at));
      const [failure] = netlink.flush();
      if (failure !== undefined) throw failure.error;
    }, 12),
  );
}
