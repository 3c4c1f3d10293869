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
