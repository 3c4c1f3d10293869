/** Run inside a user namespace: probes of each kind across a router, and what a filter does to them. */

import { at } from '../../src/observe/network.fixture.ts';
import type { Probe } from '../../src/observe/probe/probe.ts';
import { probeAll } from '../../src/observe/probe/probe-all.ts';
import { twoNetworks } from './topology.ts';

const net = twoNetworks();
try {
  const probes = ['10.2.0.10', 'fd00:2::10'].flatMap((address): Probe[] => [
    { from: 'alice', to: at(address), target: 'bob', protocol: 'icmp' },
    { from: 'alice', to: at(address), target: 'bob', protocol: 'tcp', port: 80 },
    { from: 'alice', to: at(address), target: 'bob', protocol: 'udp', port: 53 },
  ]);
  const kinds = async (): Promise<readonly string[]> =>
    (await probeAll(probes, { namespacePath: net.path, timeout: 1300 })).map(({ kind }) => kind);
  const open = await kinds();
  net.filter('router', 'inet forward', 'iifname left reject with icmpx type admin-prohibited');
  console.log(JSON.stringify([open, await kinds()]));
} finally {
  net.remove();
}
