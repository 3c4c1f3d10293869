/** Machines with tags where the kernel has no devices for them: a switch in the machine takes the cable apart. */

import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll();
const bottle = bottleIn(host);

/** Cables to two switches; on one of them a network without a tag, and a tunnel by a group in one with. */
const file = `name: split
switches: { s0: {}, s1: {} }
networks:
  plain: { subnet: [10.0.0.0/24, "fd00::/64"], switch: s0, vlan: 10 }
  red: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: s0, vlan: 20 }
  blue: { subnet: [10.2.0.0/24, "fd00:2::/64"], switch: s1, vlan: 30 }
  over: { subnet: 10.9.0.0/24, overlay: { over: red, id: 7, group: 239.255.0.1 } }
machines:
  both:
    networks:
      plain: [10.0.0.1, "fd00::1"]
      red: { address: [10.1.0.1, "fd00:1::1"], tagged: true }
      blue: { address: [10.2.0.1, "fd00:2::1"], tagged: true }
      over: 10.9.0.1
  other: { networks: { plain: [10.0.0.2, "fd00::2"], red: [10.1.0.2, "fd00:1::2"], blue: [10.2.0.2, "fd00:2::2"], over: 10.9.0.2 } }
expect:
  other -> both: ping
  both -> other: ping
`;

/** Asks who has an address, for all and for each network the machine is in, and prints who answered, with how many answers. */
const asking = `import collections, socket, struct, sys, time
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x806)); wire.bind(('plain', 0x806))
own = wire.getsockname()[4]
for source in (b'\\n\\0\\0\\2', bytes(4)):
    wire.send(b'\\xff' * 6 + own + struct.pack('!HHHBBH', 0x806, 1, 0x800, 6, 4, 1) + own + source + bytes(6) + socket.inet_aton(sys.argv[1]))
answers = collections.Counter(); wire.settimeout(1)
try:
    while True:
        frame = wire.recv(100)
        if frame[20:22] == b'\\0\\2' and frame[28:32] == socket.inet_aton(sys.argv[1]): answers[frame[6:12].hex(':')] += 1
except TimeoutError: pass
print(dict(answers))`;

test('the networks of both switches and the tunnel are reached', async () => {
  const path = write(host, file);
  await bottle.ok('up', path);
  expect(await bottle(['plan', path])).toMatchObject({ status: 0 });
});

test('a machine answers for an address once, and with one MAC address', async () => {
  const mac = (await bottle.sh('split', 'both', 'cat /sys/class/net/plain/address')).trim();
  const program = write(host, asking, 'asking.py');
  expect((await bottle.sh('split', 'other', `python3 ${program} 10.0.0.1`)).trim()).toBe(`{'${mac}': 2}`);
  // In the other networks of the machine nobody asks for these; the kernel answers for all that it has.
  expect((await bottle.sh('split', 'other', `python3 ${program} 10.1.0.1`)).trim()).toBe(`{'${mac}': 2}`);
});

test.each([
  ['10.0.0.255', '0.0.0.0'],
  ['ff02::1', '::'],
])('what is for all on the wire is heard once: %s', async (all, any) => {
  const six = all.includes(':');
  const listening = write(
    host,
    `import socket
s = socket.socket(socket.${six ? 'AF_INET6' : 'AF_INET'}, socket.SOCK_DGRAM); s.bind(('${any}', 9)); s.settimeout(10)
print(s.recv(9).decode()); s.settimeout(1)
try: print(s.recv(9).decode())
except TimeoutError: print('once')`,
    `listening${six ? 6 : 4}.py`,
  );
  const heard = bottle.sh('split', 'both', `python3 ${listening}`);
  await expect.poll(() => bottle.sh('split', 'both', 'ss -ulnH sport = 9')).toContain(':9');
  const to = six ? `('${all}', 9, 0, socket.if_nametoindex('plain'))` : `('${all}', 9)`;
  const sending = `import socket
s = socket.socket(socket.${six ? 'AF_INET6' : 'AF_INET'}, socket.SOCK_DGRAM)
${six ? '' : 's.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)'}
s.sendto(b'hello', ${to})`;
  await bottle.sh('split', 'other', `python3 ${write(host, sending, `sending${six ? 6 : 4}.py`)}`);
  expect((await heard).trim().split('\n')).toEqual(['hello', 'once']);
});

test('it all goes without a trace', () => bottle.ok('down', '-y', 'split'));
