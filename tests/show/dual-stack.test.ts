import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: lab
networks:
  inside: { subnet: [10.61.0.0/24, "fd61::/64"] }
  outside: { subnet: [10.62.0.0/24, "fd62::/64"], mode: host-only }
routers:
  core: { networks: { inside: [10.61.0.1, "fd61::1"], outside: [10.62.0.1, "fd62::1"] }, nat: { masquerade: outside } }
machines:
  one: { networks: { inside: [10.61.0.11, "fd61::11"] } }
  two: { networks: { outside: [10.62.0.12, "fd62::12"] }, listen: [http] }
policy:
  inside -> outside: any
`;

test('all tables know both families, and the host its own part', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    await bottle.ok('up', '--no-verify', write(host, text));
    await bottle.sh('lab', 'one', 'curl -s http://10.62.0.12; curl -s "http://[fd62::12]"');
    await host.run(['ping', '-c', '1', 'fd62::12']);
    const conntrack = await bottle.ok('show', 'conntrack', 'core');
    expect(conntrack).toMatch(/^core +tcp +one 10\.61\.0\.11:\d+ +two 10\.62\.0\.12:80 +core 10\.62\.0\.1:\d+ /m);
    expect(conntrack).toMatch(/^core +tcp +one \[fd61::11\]:\d+ +two \[fd62::12\]:80 +core \[fd62::1\]:\d+ /m);
    const neighbours = await bottle.ok('show', 'neighbours');
    for (const line of [/^one +inside +10\.61\.0\.1 +core /m, /^one +inside +fd61::1 +core /m, /^host +outside +fd62::12 +two /m])
      expect(neighbours).toMatch(line);
    const routes = await bottle.ok('show', 'routes');
    expect(routes).toMatch(/^one +default \(IPv6\) +fd61::1 +core +inside +bottle$/m);
    // The host's others are its own.
    await host.run(['ip', 'route', 'add', 'blackhole', '192.0.2.0/24']);
    expect(await bottle.ok('show', 'routes', 'host')).toMatch(/^AT.*(\nhost .* outside .*)+\n$/);
    expect(await bottle.ok('show', 'macs', 'outside')).toMatch(/^outside +host +[0-9a-f:]{17} +host +learned/m);
    const { interfaces } = await bottle.json<{ interfaces: readonly { at: string }[] }>(0, 'show', 'counters', 'host');
    expect(interfaces).toMatchObject([{ at: 'host', network: 'outside', device: 'lab-outside' }]);
  }));
