import { expect, test } from 'vitest';
import { bottleIn, example, sh } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

test('nothing of an internal network is on the host: no link, no address, no route, no rule', () =>
  inPrivateHost({ uplink: true }, async (host) => {
    const before = await host.state();
    await bottleIn(host).ok('up', example('internal', 'bottle.yaml'));
    const { links, addresses, routes, rules, firewall, queues, sysctls } = await host.state();
    expect({ links, addresses, routes, rules, firewall, queues, sysctls }).toEqual({
      links: before.links,
      addresses: before.addresses,
      routes: before.routes,
      rules: before.rules,
      firewall: before.firewall,
      queues: before.queues,
      sysctls: before.sysctls,
    });
    expect(await bottleIn(host).sh('internal', 'boxa', 'ip route')).toBe(
      '192.168.50.0/24 dev lab proto kernel scope link src 192.168.50.4 \n',
    );
    expect((await host.run(['ping', '-c', '1', '-W', '1', '192.168.50.4'])).status).not.toBe(0);
    expect(await sh(host, 'ip -4 route get 192.168.50.4')).toContain(`via ${host.uplink.gateway}`);
  }));
