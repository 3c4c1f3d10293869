/**
 * How long what others break stays broken while `bottle watch` runs: `npm run bench:watch -- [TIMES [MACHINES]]`, as root, in a
 * network namespace of its own.
 * From the end of the command that breaks something to the first moment at which it is as it was, asked for without pause.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../src/backend/kernel/namespace.ts';
import { addresses } from '../src/backend/kernel/netlink/address.ts';
import { devices } from '../src/backend/kernel/netlink/devices.ts';
import { routes } from '../src/backend/kernel/netlink/route.ts';
import { withSocket } from '../src/backend/kernel/netlink/socket.ts';
import { nft } from '../src/backend/nftables/libnftables.ts';
import { isolate } from './surroundings.ts';

const PROGRAM = join(import.meta.dirname, '..', 'dist', 'bottle.js');
/** Milliseconds. Between two breaks of the same thing: sooner, the watch takes it for a fight and backs off. */
const PAUSE = 1100;
const LIMIT = 30_000;

/** Of a break of each kind, and machines in the network behind the router. */
const [times, machines] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 20)];

const hostPart = (i: number): string => `${(i + 10) >> 8}.${(i + 10) & 255}`;

const FILE = `name: bench
networks:
  front: { subnet: [10.71.0.0/24, "fd71::/64"], mode: nat }
  back: { subnet: [10.72.0.0/16, "fd72::/64"], shared: true }
routers:
  gate: { networks: { front: [10.71.0.2, "fd71::2"], back: [10.72.0.1, "fd72::1"] }, nat: { masquerade: front } }
machines:
  web: { networks: { front: [10.71.0.10, "fd71::10"] }, listen: [http] }
${Array.from({ length: machines }, (_, i) => `  m${i}: { networks: { back: [10.72.${hostPart(i)}, "fd72::${i + 10}"] }, tenant: acme }`).join('\n')}
policy:
  any -> any: ping
  back -> web: http
`;

interface Break {
  readonly what: string;
  /** Run in the namespace. */
  readonly command: string;
  /** Of the bottle, without its name; undefined is the host. */
  readonly namespace: string | undefined;
  readonly isRight: () => boolean;
}

const has = (device: string): boolean => withSocket((socket) => devices(socket).some(({ name, up }) => name === device && up));
const hasAddress = (address: string): boolean => withSocket((socket) => addresses(socket).some((one) => one.address === address));
const hasRoute = (to: string): boolean => withSocket((socket) => routes(socket).some((one) => one.to === to));
const hasTable = (name: string): boolean => nft('list tables').includes(name);
const isSet = (key: string, value: string): boolean => readFileSync(`/proc/sys/net/${key}`, 'utf8').trim() === value;

const breaks: readonly Break[] = [
  ...(
    [
      ['a machine', '.web', '10.71.0.10/24', 'front', '0.0.0.0/0', 'default', 'ipv4/ip_forward', '0'],
      ['a router', '.gate', '10.72.0.1/16', 'back', '0.0.0.0/0', 'default', 'ipv4/ip_forward', '1'],
      ['the host', undefined, '10.71.0.1/24', 'bench-front', '10.72.0.0/16', '10.72.0.0/16', 'ipv4/ip_forward', '1'],
    ] as const
  ).flatMap(([where, namespace, address, device, to, route, key, value]): readonly Break[] => [
    {
      what: `link, ${where}`,
      namespace,
      command: `ip link del ${device}`,
      isRight: () => has(device) && hasAddress(address) && hasRoute(to),
    },
    {
      what: `address, ${where}`,
      namespace,
      command: `ip addr del ${address} dev ${device}`,
      isRight: () => hasAddress(address) && hasRoute(to),
    },
    { what: `route, ${where}`, namespace, command: `ip route del ${route}`, isRight: () => hasRoute(to) },
    { what: `setting, ${where}`, namespace, command: `sysctl -qw net/${key}=${value === '0' ? 1 : 0}`, isRight: () => isSet(key, value) },
  ]),
  { what: 'flush ruleset, a router', namespace: '.gate', command: 'nft flush ruleset', isRight: () => hasTable('netbottle') },
  { what: 'flush ruleset, the fabric', namespace: '', command: 'nft flush ruleset', isRight: () => hasTable('netbottle') },
  { what: 'flush ruleset, the host', namespace: undefined, command: 'nft flush ruleset', isRight: () => hasTable('netbottle-bench') },
  {
    what: 'link of one of many',
    namespace: '.m7',
    command: 'ip link del back',
    isRight: () => has('back') && hasAddress(`10.72.${hostPart(7)}/16`) && hasRoute('0.0.0.0/0'),
  },
  { what: 'route of one of many', namespace: '.m7', command: 'ip route del default', isRight: () => hasRoute('0.0.0.0/0') },
  { what: 'link, the fabric', namespace: '', command: 'ip link del back', isRight: () => has('back') },
  { what: 'name in /run/netns', namespace: undefined, command: 'rm /run/netns/bench.m7', isRight: () => existsSync('/run/netns/bench.m7') },
  {
    what: 'unmounted namespace',
    namespace: undefined,
    command: 'ip netns del bench.m7',
    isRight: () => isMounted('.m7') && within(pathOf('.m7'), () => has('back') && hasRoute('0.0.0.0/0')),
  },
];

const pathOf = (namespace: string): string => `/run/netbottle/bench/netns/bench${namespace}`;

const NSFS_MAGIC = 0x6e736673;
const isMounted = (namespace: string): boolean => existsSync(pathOf(namespace)) && statfsSync(pathOf(namespace)).type === NSFS_MAGIC;

function isRight({ namespace, isRight: right }: Break): boolean {
  if (namespace === undefined) return right();
  return isMounted(namespace) && within(pathOf(namespace), right);
}

/** Milliseconds until it is right again. */
async function timed(one: Break): Promise<number> {
  const { namespace, command } = one;
  const enter = namespace === undefined ? [] : ['nsenter', `--net=${pathOf(namespace)}`];
  const [program = '', ...words] = [...enter, 'sh', '-euc', command];
  execFileSync(program, words);
  const start = performance.now();
  while (!isRight(one)) {
    if (performance.now() - start > LIMIT) throw new Error(`${one.what} was not repaired`);
    // The watch needs a processor, too.
    await sleep(1);
  }
  return performance.now() - start;
}

// The network namespace is new already: `npm run bench:watch` makes it.
isolate();
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const directory = mkdtempSync(join(tmpdir(), 'bench-watch-'));
const file = join(directory, 'bottle.yaml');
writeFileSync(file, FILE);
const bottle = (...words: readonly string[]): Buffer =>
  execFileSync(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
bottle('up', '--no-verify', file);
const watch = spawn(process.execPath, [PROGRAM, 'watch', 'bench'], { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  // What it begins with is a look at everything.
  const [first] = breaks;
  if (first !== undefined) await timed(first);
  await sleep(PAUSE);
  const all: number[] = [];
  const line = (what: string, taken: readonly number[]): void => {
    const sorted = taken.toSorted((a, b) => a - b);
    const [median = 0, worst = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
    process.stdout.write(
      `${what.padEnd(28)} median ${median.toFixed(0).padStart(4)} ms  worst ${worst.toFixed(0).padStart(4)} ms  of ${taken.length}\n`,
    );
  };
  for (const one of breaks) {
    const taken: number[] = [];
    for (let i = 0; i < times; i++) {
      taken.push(await timed(one));
      await sleep(PAUSE);
    }
    line(one.what, taken);
    all.push(...taken);
  }
  line('all', all);
  process.stdout.write(
    `${machines} machines; load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')} at ${availableParallelism()} processors\n`,
  );
} finally {
  watch.kill('SIGTERM');
  bottle('down', '-y', 'bench');
  rmSync(directory, { recursive: true });
}
