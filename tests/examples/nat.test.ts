import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const host = hostForAll({ uplink: true });
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', example('nat', 'bottle.yaml'));
});

/** A server that tells who asks. */
const server = `import http.server, socket
class Server(http.server.HTTPServer):
    address_family = socket.AF_INET6
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.client_address[0].encode())
server = Server(('::', 80), Handler)
print('ready', flush=True)
server.serve_forever()`;

test('a server beyond the LAN sees the address of the host', async () => {
  const running = host.lan.start(['python3', '-c', server], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (running.stdout !== null) await once(running.stdout, 'data');
  try {
    const { beyond, beyond6, address, address6 } = host.uplink;
    expect(await bottle.sh('nat', 'guest', `curl -s -m 9 http://${beyond}`)).toBe(`::ffff:${address}`);

    const six = `name: six
networks: { lab: { subnet: fd00:2::/64, mode: nat } }
machines: { guest: { networks: { lab: auto } } }
`;
    await bottle.ok('up', write(host, six));
    expect(await bottle.sh('six', 'guest', `curl -s -m 9 -g http://[${beyond6}]`)).toBe(address6);
    await bottle.ok('down', '-y', 'six');
  } finally {
    running.kill('SIGKILL');
  }
});

test('whatever the host reaches is reached, and the host itself under all of its addresses', async () => {
  for (const there of [host.uplink.gateway, host.uplink.address, '10.0.2.2'])
    expect(await bottle.sh('nat', 'guest', `ping -c 1 -w 20 ${there}`)).toContain('1 received');
});

test('nothing from the LAN gets in', async () => {
  await sh(host.lan, `ip route add 10.0.2.0/24 via ${host.uplink.address}`);
  expect((await host.lan.run(['ping', '-c', '1', '-W', '1', '10.0.2.15'])).stdout).toContain('0 received');
});

test('the one way in is a port of the host, from the LAN and from the host itself', async () => {
  const banner = (address: string): string => `bash -c 'head -n 1 < /dev/tcp/${address}/2222'`;
  expect(await sh(host, banner('127.0.0.1'))).toBe('guest tcp/22');
  expect(await sh(host.lan, banner(host.uplink.address))).toBe('guest tcp/22');
});
