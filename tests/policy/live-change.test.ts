import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const file = (...policy: readonly string[]): string => `name: live
networks:
  left: { subnet: [10.1.0.0/24, fd00:1::/64] }
  right: { subnet: [10.2.0.0/24, fd00:2::/64] }
routers:
  router: { networks: { left: [10.1.0.1, fd00:1::1], right: [10.2.0.1, fd00:2::1] } }
machines:
  a: { networks: { left: [10.1.0.10, fd00:1::10] } }
  b: { networks: { right: [10.2.0.10, fd00:2::10] } }
policy:
${policy.map((line) => `  ${line}\n`).join('')}`;

/** Takes whatever it is sent, and says every twentieth of a second how much that was. */
const sink = `import socket, threading, time
server = socket.create_server(('::', 5001), family=socket.AF_INET6, dualstack_ipv6=True)
total = 0
def tell():
    while True: print(total, flush=True); time.sleep(0.05)
print('ready', flush=True)
peer, _ = server.accept()
threading.Thread(target=tell, daemon=True).start()
while True:
    data = peer.recv(1 << 16)
    if not data: break
    total += len(data)
print('closed', flush=True)`;

const source = (to: string): string => `import socket
peer = socket.create_connection(('${to}', 5001))
while True: peer.sendall(bytes(1 << 14))`;

const host = hostForAll();
const bottle = bottleIn(host);

const quoted = (program: string): string => `'${program.replaceAll("'", `'\\''`)}'`;
const received = async (): Promise<number> => Number((await bottle.sh('live', 'b', 'tail -n 1 /tmp/sink')).trim());

test.each([
  [4, '10.2.0.10'],
  [6, 'fd00:2::10'],
])('IPv%i: a change that allows a flow loses nothing of it, one that forbids it ends it', async (family, to) => {
  const allowed = 'a -> b: [ping, tcp/5001]';
  await bottle.ok('up', write(host, file(allowed)));
  await bottle.sh('live', 'b', `nohup python3 -uc ${quoted(sink)} > /tmp/sink 2>&1 & until grep -q ready /tmp/sink; do sleep 0.05; done`);
  await bottle.sh('live', 'a', `nohup python3 -uc ${quoted(source(to))} > /tmp/source 2>&1 &`);
  await expect.poll(received).toBeGreaterThan(0);

  const pings = bottle.sh('live', 'a', `ping -${family} -q -i 0.001 -c 2000 -W 9 ${to}`);
  for (const other of ['left -> right: ssh', 'b -> a: drop', 'any -> any: tcp/9'])
    await bottle.ok('up', '--no-verify', write(host, file(allowed, other)));
  expect(await pings).toContain('2000 received, 0% packet loss');
  const before = await received();
  await expect.poll(received).toBeGreaterThan(before);

  const answered = bottle.sh('live', 'a', `ping -${family} -O -i 0.05 -w 50 ${to} | tee /tmp/pings`);
  await expect.poll(() => bottle.sh('live', 'a', 'grep -c bytes.from /tmp/pings')).not.toBe('0\n');
  await bottle.ok('up', '--no-verify', write(host, file('b -> a: ping')));
  const [sent, got] = [await received(), await bottle.sh('live', 'a', 'grep -c bytes.from /tmp/pings')];
  await expect.poll(() => bottle.sh('live', 'a', 'tail -n 1 /tmp/pings')).toContain('no answer yet');
  expect(await received()).toBe(sent);
  expect(await bottle.sh('live', 'a', 'grep -c bytes.from /tmp/pings')).toBe(got);
  await bottle.sh('live', 'a', 'pkill ping; pkill python3');
  await answered;
  await bottle.ok('down', '-y', 'live');
});
