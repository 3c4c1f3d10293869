import { describe, expect, test } from 'vitest';
import { understandImpairment } from '../network/impairment.ts';
import { networkOf } from '../network/testing.fixture.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import { identityOf, kindOf, type Resource } from '../resource/kinds.ts';
import { compile } from './compile.ts';

const host: HostFacts = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

const network = networkOf({
  name: 'lab',
  networks: { lan: { subnet: '10.1.0.0/24', impair: { delay: '20ms', loss: '0.5%' } }, quick: { subnet: ['10.2.0.0/24', 'fd00:2::/64'] } },
  links: { wire: { subnet: ['10.9.0.0/31', 'fd00:9::/64'], ends: { far: 'auto', gate: 'auto' }, impair: { rate: '10mbit' } } },
  routers: { gate: { networks: { quick: 'auto' } }, far: { networks: { lan: 'auto' } } },
  machines: {
    a: { networks: { lan: { address: 'auto', impair: {} } } },
    b: { networks: { lan: { impair: { delay: '1.5s', jitter: '250us', reorder: '5%', duplicate: '100%', rate: '1gbit' } } } },
    c: { networks: { quick: 'auto' } },
  },
});

const described = (resources: readonly Resource[]): readonly string[] =>
  resources.flatMap((resource) => (resource.kind === 'qdisc' ? [kindOf(resource).describe(resource)] : []));

describe('impairments of the file', () => {
  test('are at both ends of each cable, and an interface has its own instead of its network’s', () => {
    expect(described(compile(network, host))).toEqual([
      'delay 1.5s jitter 250us duplicate 100% reorder 5% rate 1gbit on lan in lab.b',
      'delay 1.5s jitter 250us duplicate 100% reorder 5% rate 1gbit on b.lan in lab',
      'delay 20ms loss 0.5% on lan in lab.far',
      'delay 20ms loss 0.5% on far.lan in lab',
      'rate 10mbit on wire in lab.far',
      'rate 10mbit on wire in lab.gate',
    ]);
  });

  test('a rate alone is left to tbf, which more kernels have', () => {
    const disciplines = compile(network, host).flatMap((one) => (one.kind === 'qdisc' ? [`${one.device} ${one.discipline}`] : []));
    expect(disciplines).toEqual(['lan netem', 'b.lan netem', 'lan netem', 'far.lan netem', 'wire tbf', 'wire tbf']);
  });
});

test('what a command says of a cable takes the place of what the file says', () => {
  const { impairment } = understandImpairment({ delay: '5ms' });
  const none = understandImpairment({}).impairment;
  const impaired = new Map([
    ['b/lan', none],
    ['far/lan', none],
    ['far/wire', impairment],
    ['c/quick', impairment],
  ]);
  expect(described(compile(network, host, { impaired }))).toEqual([
    'delay 5ms on quick in lab.c',
    'delay 5ms on c.quick in lab',
    'delay 5ms on wire in lab.far',
    'delay 5ms on wire in lab.gate',
  ]);
});

describe('the cable between a network and the host', () => {
  const near = networkOf({
    name: 'lab',
    networks: {
      lan: { subnet: '10.1.0.0/24', mode: 'host-only', host: { impair: { rate: '1mbit' } }, impair: { delay: '1ms' } },
      out: { subnet: '10.2.0.0/24', mode: 'bridged', attach: { bridge: 'br0', impair: { rate: '2mbit' } } },
    },
    machines: { a: { networks: { lan: 'auto', out: 'auto' } } },
  });

  test('does at both ends what its own place in the file says, and not what the network does', () => {
    expect(described(compile(near, host))).toEqual([
      'delay 1ms on lan in lab.a',
      'delay 1ms on a.lan in lab',
      'rate 1mbit on host.lan in lab',
      'rate 1mbit on lab-lan in @host',
      'rate 2mbit on host.out in lab',
      'rate 2mbit on lab-out in @host',
    ]);
  });

  test('is pulled out at the switch, so that the host keeps what it has', () => {
    const pulled = compile(near, host, { pulled: new Set(['@host/lan']) });
    expect(pulled.length).toBe(compile(near, host).length);
    expect(pulled.find((one) => identityOf(one) === 'veth:@host/lan')).toMatchObject({ ends: [{ up: false }, { up: true }] });
  });
});

describe('a cable that is pulled out', () => {
  const whole = compile(network, host);
  const without = (...pulled: readonly string[]): readonly Resource[] => compile(network, host, { pulled: new Set(pulled) });
  const differing = (resources: readonly Resource[]): readonly string[] => {
    const left = new Map(resources.map((resource) => [identityOf(resource), JSON.stringify(resource)]));
    return whole.filter((resource) => left.get(identityOf(resource)) !== JSON.stringify(resource)).map(identityOf);
  };

  test('leaves the machine all that it has but the carrier', () => {
    expect(differing(without('c/quick'))).toEqual(['veth:c/quick']);
    const veth = without('c/quick').find((resource) => identityOf(resource) === 'veth:c/quick');
    expect(veth).toMatchObject({
      ends: [
        { namespace: 'lab.c', up: true },
        { namespace: 'lab', up: false },
      ],
    });
  });

  test('takes from the far end of a link what the kernel takes from a device that is down', () => {
    const changed = differing(without('far/wire'));
    expect(changed.filter((identity) => identity.includes('lab.far'))).toEqual([]);
    expect(changed[0]).toBe('veth:far/wire');
    expect(changed.slice(1).every((identity) => /^(address|route):lab\.gate\//.test(identity))).toBe(true);
    // Two addresses and two link-local ones less, and the routes of both families to what lies behind.
    expect(changed.filter((identity) => identity.startsWith('address:lab.gate/wire/')).length).toBe(3);
    expect(changed).toContain('route:lab.gate/10.1.0.0/24');
  });
});

describe('cables that carry several networks, trunks and overlays', () => {
  const shared = networkOf({
    name: 'lab',
    networks: {
      red: { subnet: '10.1.0.0/24', switch: ['one', 'two'], vlan: 100 },
      blue: { subnet: '10.2.0.0/24', switch: 'one', vlan: 200 },
      mesh: { subnet: ['10.3.0.0/24', 'fd00:3::/64'], overlay: { over: 'blue', id: 1 }, impair: { rate: '10mbit' } },
      pairs: { subnet: '10.4.0.0/24', overlay: { over: 'blue', type: 'gre', id: 1 } },
    },
    switches: { one: { trunks: { two: { impair: { delay: '5ms' } } } }, two: {} },
    routers: { r: { networks: { red: { switch: 'one', tagged: true, impair: { loss: '1%' } }, blue: { tagged: true } } } },
    machines: {
      a: { networks: { red: { switch: 'two' }, blue: 'auto', mesh: 'auto', pairs: 'auto' } },
      b: { networks: { blue: 'auto', mesh: { impair: {} }, pairs: { impair: { delay: '1ms' } } } },
      c: { networks: { blue: 'auto', pairs: 'auto' } },
    },
  });
  const up = (...pulled: readonly string[]): readonly string[] =>
    compile(shared, host, { pulled: new Set(pulled) }).flatMap((one) =>
      one.kind === 'veth'
        ? one.ends.filter((end) => !end.up).map((end) => `${one.name} ${end.device}`)
        : one.kind === 'tunnel' && !one.up
          ? [`${one.namespace} ${one.device}`]
          : [],
    );

  test('are impaired as a whole; in an overlay, it is what a machine sends and receives', () => {
    expect(described(compile(shared, host)).toSorted()).toEqual([
      'delay 1ms on pairs in lab.b',
      'delay 1ms on pairs.in in lab.b',
      'delay 5ms on one.two in lab',
      'delay 5ms on two.one in lab',
      'loss 1% on one in lab.r',
      'loss 1% on r.one in lab',
      'rate 10mbit on mesh in lab.a',
      'rate 10mbit on mesh.in in lab.a',
    ]);
  });

  test('are pulled out as a whole, and of an overlay the tunnels of a machine go down', () => {
    expect(up('r/one')).toEqual(['r/one r.one']);
    expect(up('one/two')).toEqual(['one/two two.one']);
    expect(up('a/mesh')).toEqual(['lab.a mesh']);
    expect(up('b/pairs')).toEqual(['lab.b pairs.a', 'lab.b pairs.c']);
    const identities = compile(shared, host, { pulled: new Set(['a/mesh', 'b/pairs']) }).map(identityOf);
    expect(identities.filter((one) => /^address:lab\.a\/mesh/.test(one))).toEqual([]);
    expect(identities.filter((one) => /^address:lab\.b\/pairs\/10/.test(one))).toHaveLength(1);
  });
});

test('a tunnel between switches to which something is done has a cable in front of it, and only then', () => {
  const boxes = networkOf({
    name: 'lab',
    networks: { wire: { subnet: '10.0.0.0/24' }, lan: { subnet: '10.1.0.0/24', switch: ['one', 'two'] } },
    switches: { one: { type: 'ovs', machine: 'a', trunks: { two: { over: 'wire' } } }, two: { type: 'ovs', machine: 'b' } },
    machines: { a: { networks: { wire: 'auto' } }, b: { networks: { wire: 'auto' } }, m: { networks: { lan: { switch: 'one' } } } },
  });
  const { impairment } = understandImpairment({ delay: '5ms' });
  const cables = (options: Parameters<typeof compile>[2]): readonly string[] =>
    compile(boxes, host, options).flatMap((one) =>
      one.kind === 'veth' && one.name === 'one/two' ? one.ends.map(({ device, up }) => `${device} ${up ? 'up' : 'down'}`) : [],
    );
  expect(cables({})).toEqual([]);
  expect(cables({ impaired: new Map([['one/two', understandImpairment({}).impairment]]) })).toEqual([]);
  expect(cables({ pulled: new Set(['one/two']) })).toEqual(['one.two up', 'one.two.cable down']);
  const impaired = compile(boxes, host, { impaired: new Map([['one/two', impairment]]) });
  expect(described(impaired)).toEqual(['delay 5ms on one.two in lab.a', 'delay 5ms on one.two.cable in lab.a']);
  expect(impaired.flatMap((one) => (one.kind === 'ovs-port' ? [`${one.switch} ${one.name} ${one.interface.type}`] : []))).toEqual(
    expect.arrayContaining([
      'one one.two device',
      'one.two.splice one.two.cable device',
      'one.two.splice one.two.tunnel vxlan',
      'two two.one vxlan',
    ]),
  );
});
