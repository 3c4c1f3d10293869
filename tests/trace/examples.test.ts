/** What `trace` sees in the examples is what `explain` says: it gives 0 only where the two agree, hook by hook and to the end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bottle, bottleIn, example } from '../cli/bottle.ts';
import { surround } from '../examples/surroundings.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { privateHost } from '../host-state/private-host.ts';

/** Kept and broken promises, both families, every kind of service, refusals, errors, forwards and what is translated. */
const asked: { readonly [name: string]: readonly string[] } = {
  corp: [
    'someone web http',
    'alice app1 app',
    'alice jump ssh',
    'edge db ssh',
    'app1 db postgres',
    'mirror bob ping',
    'sensor jump-router https',
    'dns mirror dns',
    'jump mirror tcp/9999',
    'alice 10.2.0.99 ping',
    'alice 10.9.9.9 ping',
  ],
  'dual-stack': [
    'alice web http',
    'alice web udp/99',
    'alice web tcp/99',
    'alice six dns',
    'west east ping',
    'alice fd00:2::99 http',
    'web web http',
  ],
  nat: ['guest host ping', 'host guest ssh', 'guest 10.0.2.2 tcp/2222', 'host 10.0.2.2 tcp/2222'],
  tenants: ['vm1 vm2 ping', 'vm1 db2 postgres'],
  bridge: ['boxa boxc ping', 'boxa boxb ping', 'boxb boxc http'],
  vxlan: ['boxa 192.168.60.5 http', 'boxa 192.168.60.5 ping', 'boxb 192.168.60.99 ping'],
  // Through a router underneath; to a machine of the same site; to an address that the table does not know.
  'vxlan-mesh': ['n5 192.168.60.21 http', 's5 192.168.60.25 ping', 'n1 fd00:60::b ping', 'n1 192.168.60.99 ping'],
  'ovs-vlan': ['web1 web3 http', 'web4 web2 ping', 'web1 192.168.60.2 http', 'web1 192.168.50.99 ping'],
  // What flows of a switch drop, what they let pass, and whom asking for does not come to.
  openflow: ['web4 web2 ping', 'web4 web2 http', 'web3 web1 http', 'web3 web1 https', 'web3 web4 http'],
  'vxlan-multicast': ['boxa 192.168.60.5 http', 'boxc 192.168.60.5 ping'],
  asymmetric: ['alice jump ssh', 'alice jump http', 'alice log ping', 'jump alice ping'],
  'port-forward': ['guest 192.168.0.2 http', 'web 10.1.1.1 tcp/2222', 'host guest ssh', 'web fd00:101::1 tcp/2222'],
  'lan-access': ['boxa 192.168.50.1 ping', 'boxa 192.168.50.1 ssh', 'host boxa ping'],
  'router-on-a-stick': ['web1 web2 http', 'web1 app1 http', 'web1 db1 postgresql', 'app1 fd00:2:30::11 postgresql'],
  'ovs-overlay': ['web1 web3 http'],
  'host-only': ['host boxa http', 'boxa host ping', 'boxa host tcp/9'],
};

describe.each(Object.entries(asked))('%s', (name, packets) => {
  let host: PrivateHost;
  let bottle: Bottle;
  beforeAll(async () => {
    host = await privateHost();
    bottle = bottleIn(host);
    await surround(host, name);
    await bottle.ok('up', '--no-verify', example(name, 'bottle.yaml'));
  });
  afterAll(() => host.end());

  test.each(packets)('%s', async (words) => {
    const { status, stdout, stderr } = await bottle(['trace', ...words.split(' '), '-b', name]);
    expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  });
});
