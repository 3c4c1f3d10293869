import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { End } from '../../network/end.ts';
import type { Network } from '../../network/network.ts';
import type { PolicyLine } from '../../network/policy/policy-line.ts';
import { networkOf } from '../../network/testing.fixture.ts';
import { TableEvaluator } from '../../proof/evaluate.ts';
import { type Packet, viewOf } from '../../proof/packet.ts';
import type { Table } from '../../resource/table.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { compileTables } from '../tables.ts';

const at = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

const protocols = { tcp: 6, udp: 17 } as const;

/** `tcp/80` or `ping` from one address to another, as the first packet of a connection. */
function packet(from: string, to: string, service: string): Packet {
  const [source, destination] = [at(from), at(to)];
  const base = { family: source.family, source, destination, state: 'new', dnat: false, local: false } as const;
  if (service === 'ping') return { ...base, protocol: source.family === 4 ? 1 : 58, icmpType: source.family === 4 ? 8 : 128 };
  const [protocol, port] = service.split('/');
  return { ...base, protocol: protocols[protocol as 'tcp' | 'udp'], sourcePort: 40000, destinationPort: Number(port) };
}

/** What the policy of a router says of it, wherever it comes in. */
function asked(network: Network) {
  const tables = new Map(compileTables(network).map((table): [string, Table] => [table.namespace, table]));
  const evaluators = new Map([...tables].map(([name, table]) => [name, new TableEvaluator(table)]));
  return (router: string, hook: 'forward' | 'input' | 'output', one: Packet): 'accept' | 'drop' | 'reject' => {
    const name = router === 'host' ? '@host' : `${network.name}.${router}`;
    const chain = tables.get(name)?.chains.find((candidate) => candidate.name === `${hook}-policy`);
    if (chain === undefined) throw new Error(`no ${hook}-policy at ${router}`);
    return evaluators.get(name)?.decide(chain, viewOf(one)).verdict ?? 'drop';
  };
}

const row = (more: Partial<BottleFile>): BottleFile => ({
  name: 'row',
  networks: {
    internet: { subnet: ['198.51.100.0/24', '2001:db8:f::/64'] },
    dmz: { subnet: ['10.1.0.0/24', 'fd00:1::/64'] },
    shr: { subnet: ['10.3.0.0/24', 'fd00:3::/64'] },
    hub: { subnet: ['10.4.0.0/24', 'fd00:4::/64'] },
  },
  machines: {
    web: { networks: { dmz: ['10.1.0.10', 'fd00:1::10'] } },
    jump: { networks: { shr: ['10.3.0.10', 'fd00:3::10'] } },
    alice: { networks: { hub: ['10.4.0.10', 'fd00:4::10'] } },
    bob: { networks: { hub: ['10.4.0.11', 'fd00:4::11'] } },
  },
  ...more,
  routers: more.routers ?? {
    edge: { networks: { internet: ['198.51.100.2', '2001:db8:f::2'], dmz: ['10.1.0.1', 'fd00:1::1'] } },
    core: { networks: { dmz: ['10.1.0.2', 'fd00:1::2'], shr: ['10.3.0.1', 'fd00:3::1'], hub: ['10.4.0.1', 'fd00:4::1'] } },
  },
});

const alice = '10.4.0.10';
const jump = '10.3.0.10';
const web = '10.1.0.10';

describe('a line', () => {
  const ask = asked(
    networkOf(
      row({
        groups: { people: ['alice', 'bob'], servers: ['web', 'shr'] },
        policy: {
          'hub -> jump': 'ssh',
          'people -> servers': ['tcp/8000-8100', 'ping'],
          'alice -> servers': { deny: ['tcp/8050'], action: 'reject' },
          'internet -> web': 'http',
          'jump -> internet': 'any',
          'jump -> core': 'ssh',
          'core -> web': 'http',
        },
      }),
    ),
  );

  test('allows what it says, in both families, and nothing else', () => {
    expect(ask('core', 'forward', packet(alice, jump, 'tcp/22'))).toBe('accept');
    expect(ask('core', 'forward', packet('fd00:4::77', 'fd00:3::10', 'tcp/22'))).toBe('accept');
    expect(ask('core', 'forward', packet(alice, jump, 'tcp/23'))).toBe('drop');
    expect(ask('core', 'forward', packet(alice, jump, 'udp/22'))).toBe('drop');
    expect(ask('core', 'forward', packet(jump, alice, 'tcp/22'))).toBe('drop');
  });

  test('speaks of all members of a group', () => {
    for (const to of [web, '10.3.0.99', 'fd00:1::10']) {
      const from = to.includes(':') ? 'fd00:4::11' : '10.4.0.11';
      expect(ask('core', 'forward', packet(from, to, 'tcp/8050'))).toBe('accept');
      expect(ask('core', 'forward', packet(from, to, 'ping'))).toBe('accept');
    }
    expect(ask('core', 'forward', packet('10.4.0.99', web, 'tcp/8050'))).toBe('drop');
  });

  test('that denies wins, wherever it stands', () => {
    expect(ask('core', 'forward', packet(alice, web, 'tcp/8050'))).toBe('reject');
    expect(ask('core', 'forward', packet(alice, web, 'tcp/8051'))).toBe('accept');
  });

  test('of the internet means all that is in no subnet, and the simulated internet', () => {
    for (const from of ['198.51.100.77', '8.8.8.8']) {
      expect(ask('edge', 'forward', packet(from, web, 'tcp/80'))).toBe('accept');
      expect(ask('edge', 'forward', packet(jump, from, 'udp/53'))).toBe('accept');
    }
    expect(ask('edge', 'forward', packet(alice, web, 'tcp/80'))).toBe('drop');
    expect(ask('core', 'forward', packet(jump, '8.8.8.8', 'udp/53'))).toBe('accept');
    expect(ask('core', 'forward', packet(jump, '10.99.0.1', 'udp/53'))).toBe('accept');
    expect(ask('core', 'forward', packet(jump, alice, 'udp/53'))).toBe('drop');
  });

  test('reaches a router only by its name, and speaks for it only so', () => {
    expect(ask('core', 'input', packet(jump, '10.1.0.2', 'tcp/22'))).toBe('accept');
    expect(ask('core', 'input', packet(alice, '10.3.0.1', 'tcp/8000'))).toBe('drop');
    expect(ask('core', 'output', packet('10.1.0.2', web, 'tcp/80'))).toBe('accept');
    expect(ask('core', 'output', packet('10.1.0.2', jump, 'tcp/80'))).toBe('drop');
    expect(ask('edge', 'output', packet('10.1.0.1', web, 'tcp/80'))).toBe('drop');
  });

  test('is not written where its packets do not come by', () => {
    const [, edge] = [...compileTables(networkOf(row({ policy: { 'hub -> jump': 'ssh' } })))].toReversed();
    expect(edge?.namespace).toBe('row.edge');
    expect(JSON.stringify(edge)).not.toContain('hub -> jump');
  });
});

describe('NAT on the way', () => {
  const routers: BottleFile['routers'] = {
    edge: {
      networks: { internet: ['198.51.100.2', '198.51.100.3', '2001:db8:f::2'], dmz: ['10.1.0.1', 'fd00:1::1'] },
      nat: { masquerade: 'internet' },
    },
    core: {
      networks: { dmz: ['10.1.0.2', 'fd00:1::2'], shr: ['10.3.0.1', 'fd00:3::1'], hub: ['10.4.0.1', 'fd00:4::1'] },
      nat: { masquerade: 'dmz' },
    },
    isp: { networks: { internet: ['198.51.100.1', '2001:db8:f::1'], far: ['203.0.113.1', '2001:db8:2::1'] } },
  };
  const base = row({ routers, forwards: { '198.51.100.3 tcp/8000-8001': 'web:80-81' } });
  const ask = asked(
    networkOf({
      ...base,
      networks: { ...base.networks, far: { subnet: ['203.0.113.0/24', '2001:db8:2::/64'] } },
      machines: { ...base.machines, server: { networks: { far: ['203.0.113.10', '2001:db8:2::10'] } } },
      policy: { 'alice -> server': 'http', 'server -> web': ['tcp/80'], 'far -> alice': 'drop' },
    }),
  );

  test('later routers let pass the address that a router gives to what is allowed', () => {
    expect(ask('core', 'forward', packet(alice, '203.0.113.10', 'tcp/80'))).toBe('accept');
    expect(ask('edge', 'forward', packet('10.1.0.2', '203.0.113.10', 'tcp/80'))).toBe('accept');
    expect(ask('isp', 'forward', packet('198.51.100.2', '203.0.113.10', 'tcp/80'))).toBe('accept');
    expect(ask('isp', 'forward', packet('198.51.100.2', '203.0.113.10', 'tcp/81'))).toBe('drop');
  });

  test('and that address is good for nothing at routers before', () => {
    expect(ask('edge', 'forward', packet('198.51.100.2', '203.0.113.10', 'tcp/80'))).toBe('drop');
    expect(ask('core', 'forward', packet('10.1.0.2', '203.0.113.10', 'tcp/80'))).toBe('drop');
  });

  test('before the router of a forward, its public address and port are let pass, and behind it those of the machine', () => {
    expect(ask('isp', 'forward', packet('203.0.113.10', '198.51.100.3', 'tcp/8000'))).toBe('accept');
    expect(ask('isp', 'forward', packet('203.0.113.10', '198.51.100.3', 'tcp/8001'))).toBe('drop');
    expect(ask('isp', 'forward', packet('203.0.113.10', '198.51.100.2', 'tcp/8000'))).toBe('drop');
    expect(ask('edge', 'forward', { ...packet('203.0.113.10', web, 'tcp/80'), dnat: true })).toBe('accept');
    expect(ask('edge', 'forward', { ...packet('203.0.113.10', web, 'tcp/81'), dnat: true })).toBe('drop');
  });
});

describe('the host', () => {
  const network = networkOf({
    name: 'lab',
    networks: { out: { subnet: '10.9.0.0/24', mode: 'nat' }, srv: { subnet: '10.8.0.0/24', mode: 'routed' } },
    machines: { one: { networks: { out: '10.9.0.10' } }, two: { networks: { srv: '10.8.0.10' } } },
    policy: { 'one -> internet': 'https', 'one -> two': 'ssh', 'internet -> two': 'http', 'two -> 10.8.0.1': 'dns' },
  });
  const ask = asked(network);

  test('is a router between its legs and the world', () => {
    expect(ask('host', 'forward', packet('10.9.0.10', '192.0.2.1', 'tcp/443'))).toBe('accept');
    expect(ask('host', 'forward', packet('10.9.0.10', '10.8.0.10', 'tcp/22'))).toBe('accept');
    expect(ask('host', 'forward', packet('192.0.2.1', '10.8.0.10', 'tcp/80'))).toBe('accept');
    expect(ask('host', 'forward', packet('192.0.2.1', '10.9.0.10', 'tcp/80'))).toBe('drop');
  });

  test('is itself reached from them by its address only, and not as part of the internet', () => {
    expect(ask('host', 'input', packet('10.8.0.10', '10.8.0.1', 'udp/53'))).toBe('accept');
    expect(ask('host', 'input', packet('10.9.0.10', '192.0.2.77', 'tcp/443'))).toBe('drop');
  });

  test('looks at nothing that is not of the bottle', () => {
    const [host] = compileTables(network);
    const evaluator = new TableEvaluator(host as Table);
    for (const name of ['forward', 'input']) {
      const chain = host?.chains.find((one) => one.name === name);
      const foreign = { ...packet('172.17.0.2', '192.0.2.1', 'tcp/80'), inDevice: 'docker0', outDevice: 'eth0' };
      expect(chain && evaluator.decide(chain, viewOf(foreign))).toEqual({ verdict: 'accept', chain: name });
    }
  });
});

describe('any policy', () => {
  const places = ['198.51.100.7', '10.1.0.10', '10.1.0.99', '10.3.0.10', '10.3.0.99', '10.4.0.10', '10.4.0.11', '10.4.0.99'];
  const ends = ['any', 'internet', 'dmz', 'shr', 'hub', 'web', 'jump', 'alice', 'bob', 'people', 'servers', '10.4.0.8/29', '10.0.0.0/8'];
  const services = ['ping', 'http', 'ssh', 'tcp/1-1000', 'tcp/20-30', 'udp/53', 'dns'];
  const tried = ['ping', 'tcp/80', 'tcp/22', 'tcp/25', 'udp/53', 'udp/80', 'tcp/53', 'tcp/2000'];
  const spec = fc.oneof(
    fc.uniqueArray(fc.constantFrom(...services), { minLength: 1, maxLength: 3 }),
    fc.constantFrom<'any' | 'drop' | 'reject'>('any', 'drop', 'reject'),
    fc.record({ deny: fc.constantFrom(...services), action: fc.constantFrom('drop' as const, 'reject' as const), log: fc.boolean() }),
    fc.record({ allow: fc.constantFrom(...services), log: fc.boolean() }),
  );
  const policies = fc.dictionary(
    fc.tuple(fc.constantFrom(...ends), fc.constantFrom(...ends)).map(([from, to]) => `${from} -> ${to}`),
    spec,
    { minKeys: 1, maxKeys: 12 },
  );

  /** What the file says, read in the plainest way. */
  function meant({ policy, ...network }: Network, one: Packet): 'accept' | 'drop' | 'reject' {
    const subnets = network.segments.filter(({ name }) => name !== 'internet').flatMap((segment) => segment.subnets);
    const inEnd = (end: End, address: Address): boolean => {
      const outside = !subnets.some((subnet) => containsAddress(subnet, address));
      if (end.kind === 'any') return true;
      if (end.kind === 'outside') return outside;
      if (end.kind === 'prefix') return containsAddress(end.prefix, address);
      return end.members.some((member) => {
        if (member === 'internet') return outside;
        const segment = network.segments.find(({ name }) => name === member);
        if (segment !== undefined) return segment.subnets.some((subnet) => containsAddress(subnet, address));
        const node = network.nodes.find(({ name }) => name === member);
        return node?.interfaces.some(({ addresses }) => addresses.some((own) => own.address.value === address.value)) === true;
      });
    };
    const serves = ({ services: list }: PolicyLine): boolean =>
      list === 'any' ||
      list.some(({ protocol, ports }) =>
        protocol === 'icmp'
          ? one.icmpType !== undefined
          : protocols[protocol] === one.protocol &&
            ports !== undefined &&
            ports.from <= (one.destinationPort ?? 0) &&
            (one.destinationPort ?? 0) <= ports.to,
      );
    const hits = (policy?.lines ?? []).filter((line) => inEnd(line.from, one.source) && inEnd(line.to, one.destination) && serves(line));
    if (hits.some(({ action }) => action === 'drop')) return 'drop';
    if (hits.some(({ action }) => action === 'reject')) return 'reject';
    return hits.length > 0 ? 'accept' : (policy?.otherwise.action ?? 'drop');
  }

  test('means at every router on the way what its lines say', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const network = networkOf(row({ groups: { people: ['alice', 'bob'], servers: ['web', 'shr'] }, policy }));
        const ask = asked(network);
        const side = (address: string): number => (address.startsWith('198') ? 0 : Number(address.split('.')[1]));
        for (const from of places) {
          for (const to of places) {
            const [one, other] = [side(from), side(to)];
            if (one === other) continue;
            const routers = [...(one === 0 || other === 0 ? ['edge'] : []), ...(one > 1 || other > 1 ? ['core'] : [])];
            for (const service of tried)
              for (const router of routers) {
                const sent = packet(from, to, service);
                expect({ from, to, service, router, verdict: ask(router, 'forward', sent) }).toEqual({
                  from,
                  to,
                  service,
                  router,
                  verdict: meant(network, sent),
                });
              }
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
