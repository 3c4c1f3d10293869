/** Frames of UDP over IPv4 with headers as one wants them, and what comes of them where they arrive. */
import { once } from 'node:events';
import { write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

/** To 02:00:00:00:00:50 and 10.0.0.50, whom nobody is. */
const SEND = `import socket, struct, sys
own = bytes.fromhex(open('/sys/class/net/lan/address').read().strip().replace(':', ''))
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind(('lan', 0))
def summed(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total > 0xffff: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
for words in sys.argv[1:]:
    mark, *given = words.split()
    given = dict(one.split('=') for one in given)
    payload = ('<%s>' % mark).encode().ljust(20, b'.')
    ports = 1000, int(given.get('to', 9))
    source, target = socket.inet_aton(given.get('from', '10.0.0.9')), socket.inet_aton('10.0.0.50')
    udp = struct.pack('!HHHH', *ports, 8 + len(payload), 0) + payload
    sum_of_udp = summed(source + target + struct.pack('!HH', 17, len(udp)) + udp)
    udp = udp[:6] + struct.pack('!H', sum_of_udp) + udp[8:]
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), 1, 0, int(given.get('ttl', 64)), 17, 0) + source + target
    head = head[:10] + struct.pack('!H', summed(head)) + head[12:]
    tag = b'' if 'vlan' not in given else struct.pack('!HH', 0x8100, int(given['vlan']))
    sender.send(bytes.fromhex('020000000050') + own + tag + b'\\x08\\x00' + head + udp)
`;

/** The kernel takes a tag out of the frame and tells of it beside (packet(7), PACKET_AUXDATA). */
const LISTEN = `import re, socket, struct
SOL_PACKET, PACKET_AUXDATA, VLAN_VALID = 263, 8, 0x10
listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
listener.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
def right(data):
    total = sum(struct.unpack('!%dH' % ((len(data) + 1) // 2), data + b'\\0' * (len(data) % 2)))
    while total > 0xffff: total = (total & 0xffff) + (total >> 16)
    return total == 0xffff
print('ready', flush=True)
while True:
    frame, beside, _, (_, _, kind, *_) = listener.recvmsg(2048, 256)
    found = re.search(rb'<([a-z0-9-]+)>\\.', frame)
    if kind == socket.PACKET_OUTGOING or found is None: continue
    tag = ''
    for level, what, data in beside:
        status, _, _, _, _, tci, _ = struct.unpack('IIIHHHH', data)
        if (level, what) == (SOL_PACKET, PACKET_AUXDATA) and status & VLAN_VALID: tag = ' vlan %d' % (tci & 0xfff)
    at = 18 if frame[12:14] == b'\\x81\\x00' else 14
    head, udp = frame[at:at + 20], frame[at + 20:]
    sums = right(head) and right(head[12:20] + struct.pack('!HH', 17, len(udp)) + udp)
    print('%s%s %s %s:%d ttl %d%s' % (found[1].decode(), tag, frame[:6].hex(), socket.inet_ntoa(head[16:20]), struct.unpack('!H', udp[2:4])[0], head[8], '' if sums else ' WRONG SUM'), flush=True)
`;

export interface UdpFrames {
  /** Each a mark, and what is not usual about it: `one ttl=1 to=53 from=10.0.0.8 vlan=9`, with a port of UDP after `to`. */
  readonly send: (machine: string, ...frames: readonly string[]) => Promise<void>;
  /** What a machine has heard so far: mark, tag, receivers and hop limit. */
  readonly heard: (machine: string) => readonly string[];
  readonly end: () => void;
}

export async function udpFramesIn(host: PrivateHost, name: string, machines: readonly string[]): Promise<UdpFrames> {
  const within = (machine: string): readonly string[] => ['ip', 'netns', 'exec', `${name}.${machine}`, 'python3'];
  const sender = write(host, SEND, 'send-udp.py');
  const listener = write(host, LISTEN, 'listen-udp.py');
  const said = new Map<string, string>();
  const children = await Promise.all(
    machines.map(async (machine) => {
      const child = host.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...within(machine), listener], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout?.setEncoding('utf8').on('data', (text: string) => said.set(machine, (said.get(machine) ?? '') + text));
      while (said.get(machine)?.includes('ready') !== true) await once(child.stdout ?? child, 'data');
      return said.get(machine)?.split('\n')[0] ?? '';
    }),
  );
  return {
    send: async (machine, ...frames) => void (await host.run([...within(machine), sender, ...frames])),
    heard: (machine) => (said.get(machine) ?? '').split('\n').slice(2, -1),
    end: () => void host.run(['kill', ...children]),
  };
}
