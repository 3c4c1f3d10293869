/** Which devices packets pass, seen with packet sockets: by the payload that they bear, in whatever they travel. */
import { within } from '../../backend/kernel/namespace.ts';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { withSocket } from '../../backend/kernel/netlink/socket.ts';
import { type Frame, PacketSocket } from '../../backend/kernel/packet-socket.ts';
import type { LostProbe } from './fitting-size.ts';
import { payloads } from './packet.ts';
import type { Probe } from './probe.ts';
import type { ProbeOptions } from './probe-all.ts';
import { runWave } from './wave.ts';

/** A namespace that packets may pass. */
export interface Vantage {
  /** What it is called, unlike any other. */
  readonly name: string;
  readonly path: string;
}

export interface Sighting {
  readonly vantage: string;
  readonly device: string;
  readonly way: 'in' | 'out';
}

/** Bytes that wait in the kernel for each namespace: nobody reads before all is over. */
const BUFFER = 4 << 20;
/** Bytes of a frame, of which headers within headers take some hundred. */
const SNAP = 512;
const MOST = 20_000;
/** Of the payload: what tells one probe of a run from every other. */
const TOKEN = 8;

/** BPF_LD | BPF_W | BPF_LEN, BPF_JMP | BPF_JGE | BPF_K, BPF_RET | BPF_K (linux/filter.h). */
function atLeast(bytes: number): Uint8Array {
  const program = Buffer.alloc(4 * 8);
  const instruct = (at: number, code: number, no: number, value: number): void => {
    program.writeUInt16LE(code, at * 8);
    program.writeUInt8(no, at * 8 + 3);
    program.writeUInt32LE(value, at * 8 + 4);
  };
  instruct(0, 0x80, 0, 0);
  instruct(1, 0x35, 1, bytes);
  instruct(2, 0x06, 0, 0xffffffff);
  instruct(3, 0x06, 0, 0);
  return program;
}

interface Post {
  readonly vantage: Vantage;
  readonly socket: PacketSocket;
  readonly names: ReadonlyMap<number, string>;
}

/** Where each was seen, the first time at each place, in the order of these times. All are sent at once. */
export async function trails(
  lost: readonly LostProbe[],
  vantages: readonly Vantage[],
  options: ProbeOptions,
): Promise<readonly (readonly Sighting[])[]> {
  const filter = atLeast(Math.min(...lost.map(({ size }) => size)));
  const posts: Post[] = [];
  try {
    for (const vantage of vantages) posts.push(within(vantage.path, () => postAt(vantage, filter)));
    const payloadOf = payloads();
    const wave = lost.map(({ probe, size }, number) => {
      const sent: Probe = { ...probe, bytes: size, timeout: options.timeout };
      return { number, probe: sent, payload: payloadOf(sent, number) };
    });
    await runWave(wave, options);
    for (const { socket } of posts) socket.shut();
    const frames = posts.flatMap(({ socket, vantage, names }) =>
      (socket.read(SNAP, MOST) ?? []).map((frame) => ({ frame, vantage, device: names.get(frame.device) ?? '' })),
    );
    frames.sort((one, other) => Number(one.frame.time - other.frame.time));
    return wave.map(({ payload }) => {
      const token = Buffer.from(payload.subarray(0, TOKEN));
      const own = frames.filter(({ frame }) => frame.data.includes(token));
      return firsts(own.map(({ frame, vantage, device }): Sighting => ({ vantage: vantage.name, device, way: wayOf(frame) })));
    });
  } finally {
    for (const { socket } of posts) socket.close();
  }
}

/** Each once, however often the packet was sent. */
function firsts(seen: readonly Sighting[]): readonly Sighting[] {
  const known = new Map<string, Sighting>();
  for (const one of seen) {
    const key = `${one.vantage}/${one.device} ${one.way}`;
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

const postAt = (vantage: Vantage, filter: Uint8Array): Post => ({
  vantage,
  socket: new PacketSocket({ filter, ignoreOutgoing: false, buffer: BUFFER }),
  names: new Map(withSocket((socket) => devices(socket).map(({ index, name }) => [index, name]))),
});

const wayOf = ({ type }: Frame): Sighting['way'] => (type === 'outgoing' ? 'out' : 'in');
