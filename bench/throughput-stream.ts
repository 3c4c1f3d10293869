/** What arrives at one machine while another sends as fast as it can, by iperf3. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { TARGET } from './throughput-kinds.ts';
import type { Pair } from './throughput-pair.ts';

const run = promisify(execFile);
const within = (namespace: string, ...command: readonly string[]): readonly string[] => [`--net=${namespace}`, ...command];

interface Sums {
  readonly sum_received?: { readonly bits_per_second: number };
  readonly sum?: { readonly seconds: number; readonly packets: number; readonly lost_packets: number };
}

/** @returns what iperf3 tells at its end */
async function measured(pair: Pair, seconds: number, ...how: readonly string[]): Promise<Sums> {
  const server = spawn('nsenter', within(pair.b, 'iperf3', '--server', '--one-off', '--forceflush'), {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'close');
  try {
    await once(server.stdout, 'data');
    server.stdout.resume();
    const time = ['--time', String(seconds)];
    const { stdout } = await run('nsenter', within(pair.a, 'iperf3', '--client', TARGET, '--json', ...time, ...how));
    return (JSON.parse(stdout) as { readonly end: Sums }).end;
  } finally {
    // Where its client's last word was lost in a flood of packets, it would wait for it.
    server.kill();
    await ended;
  }
}

/** Bits of one TCP stream's data a second. */
export const tcpRate = async (pair: Pair, seconds: number): Promise<number> =>
  (await measured(pair, seconds)).sum_received?.bits_per_second ?? Number.NaN;

/** UDP packets of 64 bytes, IP's and Ethernet's headers with them, that arrive in a second. */
export async function packetRate(pair: Pair, seconds: number): Promise<number> {
  const { sum } = await measured(pair, seconds, '--udp', '--bitrate', '0', '--length', '22');
  return sum === undefined ? Number.NaN : (sum.packets - sum.lost_packets) / sum.seconds;
}
