import { expect, test } from 'vitest';
import { networkOf } from '../network/testing.fixture.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import { identityOf } from '../resource/kinds.ts';
import { compile } from './compile.ts';

const host: HostFacts = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

const network = networkOf({
  name: 'lab',
  networks: { front: { subnet: '10.1.0.0/24' }, back: { subnet: '10.2.0.0/24' } },
  links: { wire: { subnet: '10.9.0.0/31', ends: { gate: '10.9.0.0', far: '10.9.0.1' } } },
  routers: { gate: { networks: { front: '10.1.0.1' } }, far: { networks: { back: '10.2.0.1' } } },
  machines: { web: { networks: { front: '10.1.0.10' }, listen: ['http'] }, db: { networks: { back: '10.2.0.10' } } },
});

const all = compile(network, host);
const without = (...stopped: readonly string[]) => compile(network, host, { stopped: new Set(stopped) });
const gone = (...stopped: readonly string[]): readonly string[] => {
  const left = new Set(without(...stopped).map(identityOf));
  return all.map(identityOf).filter((identity) => !left.has(identity));
};

test('of a machine that is stopped nothing is left, and of the others everything as it was', () => {
  expect(gone('web')).toEqual([
    'namespace:lab.web',
    'veth:web/front',
    'sysctl:lab.web/net/ipv4/conf/all/rp_filter',
    'sysctl:lab.web/net/ipv4/conf/default/rp_filter',
    'sysctl:lab.web/net/ipv4/ip_forward',
    'address:lab.web/front/10.1.0.10/24',
    'route:lab.web/0.0.0.0/0',
    'listener:web/tcp/80',
  ]);
  const kept = new Map(all.map((resource) => [identityOf(resource), resource]));
  for (const resource of without('web')) expect(resource).toEqual(kept.get(identityOf(resource)));
});

test('a cable goes with either of its ends, with what is on it and the routes over it', () => {
  const inGate = gone('far').filter((identity) => identity.includes('lab.gate'));
  expect(inGate).toEqual(['address:lab.gate/wire/10.9.0.0/31', 'route:lab.gate/10.2.0.0/24']);
  expect(gone('far')).toContain('veth:far/wire');
});
