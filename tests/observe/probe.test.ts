import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/address/format.ts';
import { at } from '../../src/observe/network.fixture.ts';
import type { Outcome, Probe } from '../../src/observe/probe/probe.ts';
import { probeAll } from '../../src/observe/probe/probe-all.ts';
import { type Topology, topology, twoNetworks } from './topology.ts';

const bob = { 4: '10.2.0.10', 6: 'fd00:2::10' } as const;
const router = { 4: '10.1.0.1', 6: 'fd00:1::1' } as const;
const families = [4, 6] as const;

type Ask = Partial<Probe> & { readonly protocol: Probe['protocol'] };
const probe = (to: string, ask: Ask): Probe => ({ from: 'alice', to: at(to), timeout: 1300, ...ask });
const three = (to: string, ask: Partial<Probe> = {}): readonly Probe[] => [
  probe(to, { ...ask, protocol: 'icmp' }),
  probe(to, { ...ask, protocol: 'tcp', port: 8080 }),
  probe(to, { ...ask, protocol: 'udp', port: 8080 }),
];

/** An outcome in words, without its time. */
function said(outcome: Outcome): string {
  const by = 'by' in outcome && outcome.by !== undefined ? ` by ${formatAddress(outcome.by)}` : '';
  switch (outcome.kind) {
    case 'refused':
      return `refused: ${outcome.how}${by}${outcome.filtered ? ', though it listens' : ''}`;
    case 'unreachable':
      return `${outcome.reason}${by}`;
    case 'too-big':
      return `too big for ${outcome.mtu ?? 'the interface'}${by}`;
    case 'no-route':
      return `no route here: ${outcome.code}`;
    case 'failed':
      return `failed: ${outcome.message}`;
    default:
      return outcome.kind;
  }
}

const descriptors = (): number => readdirSync('/proc/self/fd').length;

describe('alice asks bob across a router', () => {
  let net: Topology;
  let before: number;
  const ask = async (...probes: readonly Probe[]): Promise<readonly string[]> =>
    (await probeAll(probes, { namespacePath: net.path, timeout: 1300 })).map(said);

  beforeAll(() => {
    net = twoNetworks();
    before = descriptors();
  });
  afterEach(() => {
    net.unfilter('router');
    net.unfilter('alice');
    expect(descriptors()).toBe(before);
    expect(net.output('bob', 'ss', '-Htuan')).toBe('');
  });
  afterAll(() => net.remove());

  describe.each(families)('IPv%i', (family) => {
    const none = family === 4 ? '10.9.0.1' : 'fd00:9::1';

    test('the probe listens where nobody does', async () => {
      expect(await ask(...three(bob[family], { target: 'bob' }))).toEqual(['answered', 'answered', 'answered']);
    });

    test('a closed port refuses: a reset for TCP, an ICMP error from bob for UDP', async () => {
      const [, ...transport] = three(bob[family]);
      expect(await ask(...transport)).toEqual(['refused: reset', `refused: port-unreachable by ${bob[family]}`]);
    });

    test('what a filter drops times out', async () => {
      net.filter('router', 'inet forward', 'policy drop');
      expect(await ask(...three(bob[family], { target: 'bob' }))).toEqual(['timed-out', 'timed-out', 'timed-out']);
    });

    test.each(
      family === 4
        ? [
            ['icmp type net-unreachable', 'no-route'],
            ['icmp type host-unreachable', 'host-unreachable'],
            ['icmp type prot-unreachable', 'protocol-unreachable'],
            ['icmp type port-unreachable', 'refused: port-unreachable'],
            ['icmp type net-prohibited', 'admin-prohibited'],
            ['icmp type host-prohibited', 'admin-prohibited'],
            ['icmp type admin-prohibited', 'admin-prohibited'],
          ]
        : [
            ['icmpv6 type no-route', 'no-route'],
            ['icmpv6 type admin-prohibited', 'admin-prohibited'],
            ['icmpv6 type addr-unreachable', 'host-unreachable'],
            ['icmpv6 type port-unreachable', 'refused: port-unreachable'],
            ['icmpv6 type policy-fail', 'source-policy'],
            ['icmpv6 type reject-route', 'route-rejected'],
          ],
    )('reject with %s is named with the router that did it', async (type, reason) => {
      net.filter('router', 'inet forward', `iifname left reject with ${type}`);
      const expected = `${reason} by ${router[family]}`;
      const listening = reason.startsWith('refused') ? `${expected}, though it listens` : expected;
      expect(await ask(...three(bob[family], { target: 'bob' }))).toEqual([expected, listening, listening]);
    });

    test('a reset that a filter made in the name of bob is told from his own', async () => {
      net.filter('router', 'inet forward', 'iifname left tcp dport 8080 reject with tcp reset');
      expect(await ask(probe(bob[family], { protocol: 'tcp', port: 8080, target: 'bob' }))).toEqual(['refused: reset, though it listens']);
    });

    test('no route at the router is said by the router', async () => {
      const expected = `no-route by ${router[family]}`;
      expect(await ask(...three(none))).toEqual([expected, expected, expected]);
    });

    test('no route at the source is known at once', async () => {
      net.ip('alice', `route del ${family === 6 ? '::/0' : 'default'}`);
      try {
        const expected = 'no route here: ENETUNREACH';
        expect(await ask(...three(bob[family]))).toEqual([expected, expected, expected]);
      } finally {
        net.ip('alice', `route add default via ${router[family]}`);
      }
    });

    test("the source's own filter is told from everybody else's", async () => {
      net.filter(
        'alice',
        'inet output',
        'meta l4proto { icmp, udp, ipv6-icmp } th dport 8080 drop; icmp type echo-request drop; icmpv6 type echo-request drop',
      );
      const [icmp, , udp] = three(bob[family], { target: 'bob' });
      expect(await ask(...[icmp, udp].filter((one) => one !== undefined))).toEqual(['filtered-at-source', 'filtered-at-source']);
    });

    test('a packet that has no hops left is reported by the router it ended at', async () => {
      const expected = `hop-limit-exceeded by ${router[family]}`;
      expect(await ask(...three(bob[family], { target: 'bob', hopLimit: 1 }))).toEqual([expected, expected, expected]);
      expect(await ask(...three(bob[family], { target: 'bob', hopLimit: 2 }))).toEqual(['answered', 'answered', 'answered']);
    });

    test('a neighbour that does not exist is unreachable, says alice herself', async () => {
      const [to, by] = family === 4 ? ['10.1.0.77', '10.1.0.10'] : ['fd00:1::77', 'fd00:1::10'];
      const expected = `host-unreachable by ${by}`;
      expect(await ask(...three(to, { timeout: 4500 }))).toEqual([expected, expected, expected]);
    });

    test('a packet too big for a link on the way is said by whom and how big it may be', async () => {
      net.ip('router', 'link set right mtu 1300');
      try {
        const expected = `too big for 1300 by ${router[family]}`;
        expect(await ask(probe(bob[family], { protocol: 'icmp', size: 1400 }))).toEqual([expected]);
        expect(await ask(probe(bob[family], { protocol: 'icmp', size: 3000 }))).toEqual([expect.stringMatching(/^too big for/)]);
      } finally {
        net.ip('router', 'link set right mtu 1500');
        net.output('alice', 'ip', `-${family}`, 'route', 'flush', 'cache');
      }
    });

    test('the source address may be chosen', async () => {
      const second = family === 4 ? '10.1.0.11' : 'fd00:1::11';
      net.ip('alice', `address add ${second}/${family === 4 ? 24 : 64} dev eth0${family === 6 ? ' nodad' : ''}`);
      net.filter('router', 'inet forward', `iifname left ip${family === 6 ? '6' : ''} saddr != ${second} drop`);
      try {
        expect(await ask(...three(bob[family], { target: 'bob', source: at(second) }))).toEqual(['answered', 'answered', 'answered']);
        const first = at(family === 4 ? '10.1.0.10' : 'fd00:1::10');
        expect(await ask(...three(bob[family], { target: 'bob', source: first }))).toEqual(['timed-out', 'timed-out', 'timed-out']);
      } finally {
        net.ip('alice', `address del ${second}/${family === 4 ? 24 : 64} dev eth0`);
      }
    });
  });

  test('both families at once, each with its own outcome', async () => {
    net.filter('router', 'ip6 forward', 'policy drop');
    expect(await ask(...three(bob[4], { target: 'bob' }), ...three(bob[6], { target: 'bob' }))).toEqual([
      ...['answered', 'answered', 'answered'],
      ...['timed-out', 'timed-out', 'timed-out'],
    ]);
  });

  test('an aborted run leaves nothing', async () => {
    net.filter('router', 'inet forward', 'policy drop');
    const run = probeAll(three(bob[4], { target: 'bob' }), { namespacePath: net.path, timeout: 1300, signal: AbortSignal.timeout(50) });
    await expect(run).rejects.toThrow('aborted');
  });

  test('a node that is not there fails its own probes alone', async () => {
    const gone = probe(bob[4], { from: 'carol', protocol: 'icmp' });
    const toGone = probe(bob[4], { target: 'carol', protocol: 'tcp', port: 8080 });
    expect(await ask(gone, toGone, probe(bob[4], { protocol: 'icmp' }))).toEqual([
      expect.stringMatching(/^failed: carol: ENOENT/),
      expect.stringMatching(/^failed: carol: ENOENT/),
      'answered',
    ]);
  });

  test('few descriptors only make more waves', async () => {
    const probes = Array.from({ length: 200 }, (_, index) =>
      probe(bob[index % 2 === 0 ? 4 : 6], { protocol: 'tcp', port: 9000 + index, target: 'bob' }),
    );
    const outcomes = await probeAll(probes, { namespacePath: net.path, timeout: 1300, descriptors: 40 });
    expect(new Set(outcomes.map(said))).toEqual(new Set(['answered']));
  });
});

describe('somebody listens already', () => {
  let net: Topology;
  const ask = async (...probes: readonly Probe[]): Promise<readonly string[]> =>
    (await probeAll(probes, { namespacePath: net.path, timeout: 1300 })).map(said);

  beforeAll(async () => {
    net = twoNetworks();
    await net.program(
      'bob',
      `const [net, dgram] = [require('node:net'), require('node:dgram')];
       net.createServer((socket) => socket.on('error', () => undefined).end('hello')).listen(8080, '::', () => {
         net.createServer().listen(8081, '127.0.0.1', () => {
           const silent = dgram.createSocket('udp6');
           silent.bind(8080, () => {
             const dns = dgram.createSocket('udp6');
             dns.on('message', (query, from) => { if (query.length === 17) dns.send(query, from.port, from.address); });
             dns.bind(53, () => console.log('ready'));
           });
         });
       });`,
    );
  });
  afterAll(() => net.remove());

  test.each(families)('IPv%i: a TCP listener is used as it is', async (family) => {
    expect(await ask(probe(bob[family], { protocol: 'tcp', port: 8080, target: 'bob' }))).toEqual(['answered']);
  });

  test('a listener on another address is not in the way', async () => {
    expect(await ask(probe(bob[4], { protocol: 'tcp', port: 8081, target: 'bob' }))).toEqual(['answered']);
  });

  test.each(families)('IPv%i: a datagram that a silent program got counts as delivered', async (family) => {
    expect(await ask(probe(bob[family], { protocol: 'udp', port: 8080, target: 'bob' }))).toEqual(['delivered']);
    expect(await ask(probe(bob[family], { protocol: 'udp', port: 8080 }))).toEqual(['no-answer']);
  });

  test.each(families)('IPv%i: one that the input filter dropped does not', async (family) => {
    net.filter('bob', 'inet input', 'udp dport 8080 drop');
    try {
      expect(await ask(probe(bob[family], { protocol: 'udp', port: 8080, target: 'bob' }))).toEqual(['timed-out']);
    } finally {
      net.unfilter('bob');
    }
  });

  test('a name server is asked in its own language', async () => {
    expect(await ask(probe(bob[4], { protocol: 'udp', port: 53, target: 'bob' }))).toEqual(['answered']);
  });
});

test('a node with many addresses answers from the one that was asked', async () => {
  const net = topology();
  try {
    net.add('alice', 'bob');
    net.cable(
      { node: 'alice', device: 'eth0', addresses: ['10.1.0.10/24', 'fd00:1::10/64'] },
      { node: 'bob', device: 'eth0', addresses: ['10.1.0.20/24', '10.1.0.21/24', 'fd00:1::20/64', 'fd00:1::21/64'] },
    );
    const probes = ['10.1.0.20', '10.1.0.21', 'fd00:1::20', 'fd00:1::21'].flatMap((address) => three(address, { target: 'bob' }));
    const outcomes = await probeAll(probes, { namespacePath: net.path, timeout: 1300 });
    expect(new Set(outcomes.map(said))).toEqual(new Set(['answered']));
  } finally {
    net.remove();
  }
});
