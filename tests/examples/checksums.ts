import { once } from 'node:events';
import { expect } from 'vitest';
import { type Bottle, program } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

export interface Checksums {
  /** Whether the interface leaves checksums to the hardware, which a virtual one has not. */
  readonly offload: boolean;
  /** TCP segments whose checksum was right as they came in, and those whose was not. */
  readonly whole: number;
  readonly wrong: number;
}

/** ETHTOOL_GTXCSUM by SIOCETHTOOL, as `ethtool -k` asks it. */
const ask = (device: string): string => `import fcntl, socket, struct, array
value = array.array('I', [0x16, 0])
fcntl.ioctl(socket.socket(), 0x8946, struct.pack('16sP', b'${device}', value.buffer_info()[0]))
print(value[1])`;

/** Looks at what comes in on a machine's interface while another asks it for something over TCP. */
export async function checksumCensus(
  host: PrivateHost,
  bottle: Bottle,
  { from, machine, device }: { readonly from: string; readonly machine: string; readonly device: string },
): Promise<Checksums> {
  const offload = (await bottle(['exec', '-b', 'corp', machine, '--', 'python3', '-c', ask(device)])).stdout.trim() === '1';
  const dump = ['exec', '-b', 'corp', machine, '--', 'tcpdump', '-i', device, '-Q', 'in', '-vv', '-n', '-l', 'tcp'];
  const watching = host.start([...program, ...dump], { stdio: ['ignore', 'pipe', 'pipe'] });
  let seen = '';
  watching.stdout?.setEncoding('utf8').on('data', (text: string) => (seen += text));
  if (watching.stderr !== null) await once(watching.stderr, 'data');
  try {
    const port = machine === 'web' ? 80 : 8080;
    expect(await bottle.sh('corp', from, `curl -s -m 9 http://${machine}:${port}`)).toContain(machine);
    // The end of the connection has been seen, and so has all before it.
    await expect.poll(() => seen).toMatch(/Flags \[[^\]]*F/);
  } finally {
    await bottle.sh('corp', machine, 'pkill tcpdump');
    watching.kill('SIGKILL');
  }
  const count = (pattern: RegExp): number => [...seen.matchAll(pattern)].length;
  return { offload, whole: count(/\(correct\)/g), wrong: count(/\(incorrect|bad cksum/g) };
}
