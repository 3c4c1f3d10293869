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
  vxlan: ['boxa 192.168.60.5 http'],
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
