import { once } from 'node:events';
import { write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

/** An EtherType for experiments (IEEE 802, 9.2.3): nobody answers to it, and every packet socket sees it. */
const SEND = `import socket, sys
device, *frames = sys.argv[1:]
own = bytes.fromhex(open(f'/sys/class/net/{device}/address').read().strip().replace(':', ''))
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((device, 0))
for frame in frames:
    mark, *tags = frame.split()
    head = b''.join(bytes.fromhex(kind) + int(tag).to_bytes(2, 'big') for kind, tag in (one.split(':') for one in tags))
    sender.send(b'\\xff' * 6 + own + head + bytes.fromhex('88b5') + f'<{frame}>'.encode().ljust(60, b'.'))
`;

/** Prints the marks of the frames that come in, up to that of the end. */
const LISTEN = `import re, socket, sys
listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print('ready', flush=True)
while True:
    frame, (_, _, kind, *_) = listener.recvfrom(2048)
    for mark in re.findall(rb'<([^<>]*)>', frame) if kind != socket.PACKET_OUTGOING else []:
        print(mark.decode(), flush=True)
        if mark == b'end': sys.exit()
`;

export interface Frames {
  /** Sends broadcasts, each with its own text in it: a word, and tags as `8100:200`, the outer one first. */
  readonly send: (machine: string, device: string, ...frames: readonly string[]) => Promise<void>;
  /** The marks that a machine gets while something is done that ends with `end`. */
  readonly heard: (machines: readonly string[], act: () => Promise<void>) => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Frames as somebody could send them who wants to get into another VLAN. */
export function framesIn(host: PrivateHost, name: string): Frames {
  const within = (machine: string): readonly string[] => ['ip', 'netns', 'exec', `${name}.${machine}`];
  const sender = write(host, SEND, 'send.py');
  const listener = write(host, LISTEN, 'listen.py');
  const send: Frames['send'] = async (machine, device, ...frames) =>
    void (await host.run([...within(machine), 'python3', sender, device, ...frames]));
  const heard: Frames['heard'] = async (machines, act) => {
    const listeners = await Promise.all(
      machines.map(async (machine) => {
        const child = host.start([...within(machine), 'python3', listener], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let said = '';
        child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
        if (child.stdout !== null) await once(child.stdout, 'data');
        const ended = once(child, 'close');
        return async () => {
          await ended;
          return [machine, said.split('\n').filter((line) => !['', 'ready', 'end'].includes(line))] as const;
        };
      }),
    );
    await act();
    return Object.fromEntries(await Promise.all(listeners.map((ended) => ended())));
  };
  return { send, heard };
}

/** Two switches with a trunk; green's frames have no tag there where `native` is asked for. `t1` has green and red on one cable. */
export const twoSwitches = (type: 'linux' | 'ovs', native: boolean): string => `name: vlans
switches:
  one: { type: ${type}, trunks: { two: { allow: [green, red]${native ? ', native: green' : ''} } } }
  two: { type: ${type} }
networks:
  green: { subnet: 10.1.0.0/24, switch: [one, two], vlan: 100 }
  red: { subnet: 10.2.0.0/24, switch: [one, two], vlan: 200 }
  blue: { subnet: 10.3.0.0/24, switch: one, vlan: 300 }
machines:
  g1: { networks: { green: { switch: one } } }
  g2: { networks: { green: { switch: two } } }
  r1: { networks: { red: { switch: one } } }
  r2: { networks: { red: { switch: two } } }
  b1: { networks: { blue: auto } }
  b2: { networks: { blue: auto } }
  t1: { networks: { green: { switch: one, tagged: true } } }
expect:
  green -> green: ping
  red -> red: ping
  green -> red: nothing
  blue -> green: nothing
`;

/** The marks that red and blue, and the green machine elsewhere, get of all that is tried. */
export async function attack(frames: Frames, wire: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const tries = [
    '8100:200',
    '8100:300',
    '8100:100 8100:200',
    '8100:0 8100:200',
    '8100:0 8100:300',
    '8100:0',
    '8100:4095',
    '8100:4095 8100:200',
    '88a8:200',
    '88a8:100 8100:200',
  ];
  return frames.heard(['g2', 'r1', 'r2', 'b1', 'b2'], async () => {
    await frames.send('t1', wire, ...tries.map((tags) => `wire ${tags}`), 'wire', 'tagged 8100:100');
    await frames.send('g1', 'green', ...tries.map((tags) => `access ${tags}`), 'plain', 'end');
    for (const [machine, device] of [
      ['r1', 'red'],
      ['r2', 'red'],
      ['b1', 'blue'],
      ['b2', 'blue'],
    ] as const)
      await frames.send(machine, device, 'end');
  });
}
