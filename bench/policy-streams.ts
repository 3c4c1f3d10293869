/** What a change of policy does to a stream of TCP data and a thousand pings a second that pass the router meanwhile. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../src/backend/kernel/namespace.ts';
import { timed } from './contender.ts';
import { median, PROGRAM } from './policy-figures.ts';

const BOTTLE = 'bench-live';
/** Milliseconds. */
const SETTLING = 300;
const QUIET = 400;

const fileOf = (policy: readonly string[]): string => `name: ${BOTTLE}
networks:
  left: { subnet: [10.1.0.0/24, "fd00:1::/64"] }
  right: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
routers:
  router: { networks: { left: [10.1.0.1, "fd00:1::1"], right: [10.2.0.1, "fd00:2::1"] } }
machines:
  a: { networks: { left: [10.1.0.10, "fd00:1::10"] } }
  b: { networks: { right: [10.2.0.10, "fd00:2::10"] } }
policy:
${policy.map((line) => `  ${line}\n`).join('')}`;

const ALLOWED = 'a -> b: [ping, tcp/5001]';
const OTHERS = ['left -> right: ssh', 'b -> a: drop', 'any -> any: tcp/9', 'right -> left: [http, tcp/8000-8100]'];
const FORBIDDEN = 'b -> a: ping';

/** Prints when data last came, and how much in all, once it is told to end. */
const SINK = `import signal, socket, sys, time
server = socket.create_server(('::', 5001), family=socket.AF_INET6, dualstack_ipv6=True)
last, total = 0, 0
def tell(*_): print(last, total, flush=True); sys.exit()
signal.signal(signal.SIGTERM, tell)
print('ready', flush=True)
peer, _ = server.accept()
while True:
    total += len(peer.recv(1 << 16)); last = time.time()`;

const source = (to: string): string => `import socket
peer = socket.create_connection(('${to}', 5001))
while True: peer.sendall(bytes(1 << 14))`;

type Child = ChildProcessByStdio<null, Readable, null>;

interface Stream {
  readonly child: Child;
  readonly text: () => string;
}

const pathOf = (node: string): string => `/run/netbottle/${BOTTLE}/netns/${BOTTLE}.${node}`;

function start(node: string, ...command: readonly string[]): Stream {
  const child = spawn('nsenter', [`--net=${pathOf(node)}`, ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return { child, text: () => text };
}

async function end({ child, text }: Stream, signal: 'SIGTERM' | 'SIGINT'): Promise<string> {
  const ended = once(child, 'close');
  child.kill(signal);
  await ended;
  return text();
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(5))
    if (performance.now() - start > 30_000) throw new Error(`${what}: not within 30 s`);
}

/** Sequence numbers of the answers, and when each came, in milliseconds since 1970. */
const answers = (text: string): readonly { readonly number: number; readonly at: number }[] =>
  [...text.matchAll(/^\[([\d.]+)\].*icmp_seq=(\d+) .*time=/gm)].map(([, at, number]) => ({
    number: Number(number),
    at: Number(at) * 1000,
  }));

/** Segments that a machine's TCP has sent again. */
const retransmitted = (node: string): number =>
  within(pathOf(node), () => {
    const [names = '', values = ''] = readFileSync('/proc/thread-self/net/snmp', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'));
    return Number(values.split(' ')[names.split(' ').indexOf('RetransSegs')]);
  });

export interface StreamFigures {
  readonly family: 4 | 6;
  readonly changes: number;
  readonly pings: number;
  readonly lost: number;
  readonly retransmitted: number;
  readonly megabytes: number;
  /** Segments sent again in as much time without a change: a stream that fills the way loses some by itself. */
  readonly retransmittedAnyway: number;
  readonly ends: number;
  /** Milliseconds from the start of the command and from its transaction to the last packet: median and worst. */
  readonly sinceStart: readonly [number, number];
  readonly sinceTransaction: readonly [number, number];
}

export async function measureStreams(changes: number, ends: number): Promise<readonly StreamFigures[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-policy-'));
  const path = join(directory, 'bottle.yaml');
  const up = async (...policy: readonly string[]): Promise<void> => {
    writeFileSync(path, fileOf(policy));
    await timed([process.execPath, PROGRAM, 'up', '--no-verify', path]);
  };
  const figures: StreamFigures[] = [];
  try {
    for (const [family, to] of [
      [4, '10.2.0.10'],
      [6, 'fd00:2::10'],
    ] as const) {
      await up(ALLOWED);
      const kept = await during(family, to, async () => {
        for (let i = 0; i < changes; i++) await up(ALLOWED, OTHERS[i % OTHERS.length] ?? '');
      });
      const { retransmitted: retransmittedAnyway } = await during(family, to, () => sleep(kept.duration));
      const times: { start: number; transaction: number }[] = [];
      for (let i = 0; i < ends; i++) {
        await up(ALLOWED);
        times.push(await ended(family, to, () => up(FORBIDDEN)));
      }
      const worst = (all: readonly number[]): readonly [number, number] => [median(all), Math.max(...all)];
      figures.push({
        family,
        changes,
        ...kept,
        retransmittedAnyway,
        ends,
        sinceStart: worst(times.map((one) => one.start)),
        sinceTransaction: worst(times.map((one) => one.transaction)),
      });
    }
  } finally {
    await timed([process.execPath, PROGRAM, 'down', '-y', BOTTLE]);
    rmSync(directory, { recursive: true });
  }
  return figures;
}

async function streams(family: 4 | 6, to: string) {
  const sink = start('b', 'python3', '-uc', SINK);
  await until(() => sink.text().includes('ready'), 'the sink');
  const data = start('a', 'python3', '-uc', source(to));
  const ping = start('a', 'ping', `-${family}`, '-n', '-D', '-i', '0.001', to);
  await until(() => answers(ping.text()).length > 100, 'a hundred answers');
  return {
    end: async () => {
      const pings = answers(await end(ping, 'SIGINT'));
      await end(data, 'SIGTERM');
      const [last = 0, total = 0] = (await end(sink, 'SIGTERM')).trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
      return { pings, last: last * 1000, total };
    },
  };
}

async function during(family: 4 | 6, to: string, act: () => Promise<void>) {
  const before = retransmitted('a');
  const running = await streams(family, to);
  const begun = performance.now();
  await act();
  const duration = performance.now() - begun;
  await sleep(SETTLING);
  const again = retransmitted('a') - before;
  const { pings, total } = await running.end();
  const sent = Math.max(...pings.map(({ number }) => number));
  return {
    pings: sent,
    lost: sent - new Set(pings.map(({ number }) => number)).size,
    retransmitted: again,
    megabytes: total / 1e6,
    duration,
  };
}

async function ended(family: 4 | 6, to: string, act: () => Promise<void>) {
  const running = await streams(family, to);
  const monitor = start('router', 'nft', 'monitor');
  let transaction = Number.NaN;
  monitor.child.stdout.once('data', () => {
    transaction = Date.now();
  });
  await sleep(SETTLING);
  const begun = Date.now();
  await act();
  const done = Date.now();
  await sleep(QUIET);
  await end(monitor, 'SIGTERM');
  const { pings, last } = await running.end();
  const latest = Math.max(last, ...pings.map(({ at }) => at));
  if (latest > done + QUIET / 2) throw new Error('what is forbidden goes on');
  return { start: latest - begun, transaction: latest - transaction };
}
