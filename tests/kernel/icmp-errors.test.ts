import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = `name: lab
networks: { net: { subnet: [10.9.0.0/24, "fd00:9::/64"] }, far: { subnet: [10.8.0.0/24, "fd00:8::/64"] } }
routers: { gate: { networks: { net: [10.9.0.1, "fd00:9::1"], far: auto } } }
machines: { one: { networks: { net: auto } } }
`;

/** Sends to 200 closed ports at once and counts how many are refused. */
const count = `import select, socket, sys
family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
sockets = [socket.socket(family, socket.SOCK_DGRAM) for _ in range(200)]
refused = 0
for port, s in enumerate(sockets, 20000):
    s.connect((sys.argv[1], port))
    s.send(b'x')
poll = select.poll()
for s in sockets: poll.register(s, 0)
while poll.poll(500) and sockets:
    for s in list(sockets):
        if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            refused += 1
            poll.unregister(s)
            sockets.remove(s)
print(refused)`;

test.each(['10.9.0.1', 'fd00:9::1'])('a router at %s answers every packet that it refuses, however many come at once', (address) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    await bottle.ok('up', write(host, file));
    const { stdout } = await bottle(['exec', '-b', 'lab', 'one', '--', 'python3', '-c', count, address]);
    expect(stdout).toBe('200\n');
    await bottle.ok('down', '-y', 'lab');
  }),
);
