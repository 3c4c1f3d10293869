import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { End } from '../end.ts';
import type { Network } from '../network.ts';
import { resolve } from '../resolve.ts';
import type { Service } from '../service.ts';
import { addressesOf } from '../station.ts';
import { networkOf, said } from '../testing.fixture.ts';
import type { PolicyLine } from './policy-line.ts';

const corp: BottleFile = {
  name: 'corp',
  networks: {
    internet: { subnet: '198.51.100.0/24' },
    dmz: { subnet: ['10.1.0.0/24', 'fd00:1::/64'] },
    hub: { subnet: ['10.4.0.0/24', 'fd00:4::/64'] },
  },
  routers: {
    edge: { networks: { internet: '198.51.100.2', dmz: 'auto' } },
    core: { networks: { dmz: 'auto', hub: 'auto' } },
  },
  machines: {
    web: { networks: { dmz: '10.1.0.10' } },
    db: { networks: { dmz: 'auto' } },
    alice: { networks: { hub: '10.4.0.10' } },
    bob: { networks: { hub: 'auto' } },
    someone: { networks: { internet: 'auto' } },
  },
  groups: { servers: ['web', 'db'], staff: ['hub'] },
};
type PolicySpec = NonNullable<BottleFile['policy']>;
const withPolicy = (policy: PolicySpec): BottleFile => ({ ...corp, policy });
const warnings = (policy: PolicySpec) => said(withPolicy(policy));

describe('a policy', () => {
  it('is absent without `policy:`, and denies everything when it is empty', () => {
    expect(networkOf(corp).policy).toBeUndefined();
    expect(networkOf(withPolicy({})).policy).toEqual({ lines: [], otherwise: { action: 'drop', log: false, origin: ['policy'] } });
  });

  it('is read in short and in long form', () => {
    const policy = networkOf(
      withPolicy({
        'hub -> web': ['http', 'tcp/1-65535'],
        'alice -> db': 'any',
        'bob -> db': 'reject',
        'hub -> db': { deny: 'smtp', action: 'reject', log: true },
        'someone -> web': { allow: ['http'], log: true },
        otherwise: { action: 'reject', log: true },
      }),
    ).policy;
    expect(policy?.lines).toMatchObject([
      { text: 'hub -> web', action: 'allow', services: [{ name: 'http' }, { ports: { from: 1, to: 65535 } }], log: false },
      { action: 'allow', services: 'any' },
      { action: 'reject', services: 'any', log: false },
      { action: 'reject', services: [{ name: 'smtp' }], log: true },
      { action: 'allow', services: [{ name: 'http' }], log: true },
    ]);
    expect(policy?.otherwise).toEqual({ action: 'reject', log: true, origin: ['policy', 'otherwise'] });
  });

  it('can allow some services of two ends and deny others, each with its own place', () => {
    expect(networkOf(withPolicy({ 'hub -> web': { allow: 'any', deny: 'smtp' } })).policy?.lines).toMatchObject([
      { text: 'hub -> web', action: 'allow', services: 'any', origin: ['policy', 'hub -> web', 'allow'] },
      { text: 'hub -> web', action: 'drop', services: [{ name: 'smtp' }], origin: ['policy', 'hub -> web', 'deny'] },
    ]);
  });
});

describe('a policy line without an effect is named', () => {
  it('when a denial covers it, or another line that allows, in whatever words', () => {
    expect(warnings({ 'hub -> servers': 'drop', 'alice -> web': 'ssh' })).toEqual(['policy-shadowed policy.alice -> web']);
    expect(warnings({ 'staff -> dmz': 'any', '10.4.0.0/28 -> 10.1.0.10': 'ssh' })).toEqual([
      'policy-shadowed policy.10.4.0.0/28 -> 10.1.0.10',
    ]);
    expect(warnings({ 'hub -> web': 'tcp/1-100', 'alice -> web': ['ssh', 'http'] })).toEqual(['policy-shadowed policy.alice -> web']);
  });

  it('once for two that mean the same', () => {
    expect(warnings({ 'hub -> web': 'ssh', 'staff -> web': 'tcp/22' })).toEqual(['policy-shadowed policy.staff -> web']);
    expect(warnings({ 'staff -> web': 'tcp/22', 'hub -> web': 'ssh' })).toEqual(['policy-shadowed policy.staff -> web']);
  });

  it('but not when it allows or logs more, or an exception is made by it', () => {
    expect(
      warnings({
        'hub -> web': 'ssh',
        'alice -> web': ['ssh', 'http'],
        'bob -> web': { allow: 'ssh', log: true },
        'bob -> servers': { deny: 'http' },
      }),
    ).toEqual([]);
    // A machine has addresses of two families, a prefix of one.
    expect(warnings({ '10.4.0.0/24 -> web': 'ssh', 'alice -> web': 'ssh' })).toEqual([]);
    // A network does not stand for the routers in it.
    expect(warnings({ 'hub -> dmz': 'any', 'hub -> edge': 'any' })).toEqual([]);
  });

  it('when nobody is there, or no router between', () => {
    expect(warnings({ 'web -> db': 'ssh' })).toEqual(['policy-without-router policy.web -> db']);
    expect(warnings({ 'alice -> 10.1.0.128/30': 'ssh' })).toEqual(['nobody-in-end policy.alice -> 10.1.0.128/30']);
    expect(warnings({ 'edge -> web': 'ssh', 'web -> core': 'ssh', 'dmz -> any': 'http' })).toEqual([]);
  });

  it('but not when a forward leads back into the same network', () => {
    expect(said({ ...withPolicy({ 'db -> web': 'http' }), forwards: { 'edge tcp/80': 'web' } })).toEqual([]);
  });

  it('when it denies everything, and nothing else then', () => {
    expect(warnings({ 'any -> any': 'drop', 'hub -> web': 'ssh' })).toEqual(['policy-denies-all policy.any -> any']);
  });
});

describe('a policy that forgets something', () => {
  const listening = (policy: PolicySpec): BottleFile => ({
    ...withPolicy(policy),
    routers: { ...corp.routers, edge: { networks: { internet: '198.51.100.2', dmz: 'auto' }, listen: 'ssh' } },
  });

  it('is told of routers that listen and that nobody may reach', () => {
    expect(said(listening({ 'hub -> dmz': 'any' }))).toEqual(['router-locked routers.edge.listen']);
    expect(said(listening({ 'edge -> any': 'any' }))).toEqual(['router-locked routers.edge.listen']);
    expect(said(listening({ 'any -> edge': 'any', 'any -> any': { deny: 'tcp/1-1023' } }))).toEqual(['router-locked routers.edge.listen']);
    for (const to of ['edge', 'any', '198.51.100.2', '198.51.100.0/24']) expect(said(listening({ [`hub -> ${to}`]: 'ssh' }))).toEqual([]);
    expect(said(listening({ 'any -> edge': 'any', 'internet -> edge': { deny: 'ssh' } }))).toEqual([]);
  });

  it('is told of forwards that nobody may use', () => {
    const forwarding = (policy: PolicySpec): BottleFile => ({ ...withPolicy(policy), forwards: { 'edge tcp/80': 'web:8080' } });
    expect(said(forwarding({ 'internet -> web': 'http' }))).toEqual(['forward-denied forwards.edge tcp/80']);
    expect(said(forwarding({ 'internet -> web': 'tcp/8080' }))).toEqual([]);
    expect(said(forwarding({ 'internet -> web': 'any', 'any -> web': { deny: 'http-alt' } }))).toContain(
      'forward-denied forwards.edge tcp/80',
    );
    expect(said({ ...corp, forwards: { 'edge tcp/80': 'web:8080' } })).toEqual([]);
  });
});

describe('what is said of a policy', () => {
  const end = fc.constantFrom(
    'any',
    'internet',
    'dmz',
    'hub',
    'web',
    'db',
    'alice',
    'edge',
    'servers',
    'staff',
    '10.1.0.0/24',
    '10.4.0.10',
    'fd00:4::/64',
  );
  const services = fc.constantFrom<PolicySpec[string]>(
    'any',
    'ssh',
    ['ssh', 'http'],
    'tcp/1-1023',
    'ping',
    'drop',
    { deny: 'ssh' },
    { allow: 'ssh', log: true },
  );
  const lines = fc.array(
    fc.tuple(
      fc.tuple(end, end).map((ends) => ends.join(' -> ')),
      services,
    ),
    { maxLength: 12 },
  );

  it('does not depend on the order of its lines', () => {
    fc.assert(
      fc.property(
        lines.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }))),
        ([list, shuffled]) => {
          const distinct = new Map(list);
          const turned = shuffled.map(([key]): [string, PolicySpec[string]] => [key, distinct.get(key) ?? 'any']);
          const say = (policy: Iterable<readonly [string, PolicySpec[string]]>) =>
            resolve(withPolicy(Object.fromEntries(policy)))
              .diagnostics.map(({ code, message }) => `${code} ${message}`)
              .sort();
          expect(say(turned)).toEqual(say(distinct));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is true: without a line that has no effect, every packet fares the same', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const file = withPolicy(Object.fromEntries(list));
        const { network, diagnostics } = resolve(file);
        if (network?.policy === undefined) throw new Error('no network');
        const idle = new Set(diagnostics.filter(({ code }) => code === 'policy-shadowed').map(({ origin }) => origin?.[1]));
        const fates = (all: readonly PolicyLine[]) => packetsOf(network).map((packet) => fateOf(packet, all, network));
        expect(fates(network.policy.lines.filter(({ text }) => !idle.has(text)))).toEqual(fates(network.policy.lines));
      }),
      { numRuns: 40 },
    );
  });
});

interface Packet {
  readonly from: Address;
  readonly to: Address;
  readonly protocol: Service['protocol'];
  readonly port: number;
}

function packetsOf({ nodes }: Network): readonly Packet[] {
  const outside: Address = { family: 4, value: 0x08080808n };
  const addresses = [...nodes.flatMap((node) => addressesOf(node).map(({ address }) => address)), outside];
  const services = [
    { protocol: 'tcp', port: 22 },
    { protocol: 'tcp', port: 80 },
    { protocol: 'tcp', port: 25 },
    { protocol: 'udp', port: 53 },
    { protocol: 'icmp', port: 0 },
  ] as const;
  return addresses.flatMap((from) =>
    addresses.flatMap((to) => (from.family === to.family ? services.map((service) => ({ from, to, ...service })) : [])),
  );
}

/** In the simplest way that there is. */
function fateOf(packet: Packet, lines: readonly PolicyLine[], network: Network): string {
  const own = new Map(network.nodes.map((node) => [node.name, addressesOf(node).map(({ address }) => address)]));
  const routers = network.nodes.filter(({ kind }) => kind === 'router').flatMap(({ name }) => own.get(name) ?? []);
  const same = (one: Address, other: Address) => one.family === other.family && one.value === other.value;
  const inSegment = (name: string, address: Address) =>
    name === 'internet'
      ? !network.segments.some((segment) => segment.name !== name && segment.subnets.some((subnet) => containsAddress(subnet, address)))
      : network.segments.some((segment) => segment.name === name && segment.subnets.some((subnet) => containsAddress(subnet, address)));
  const isIn = (end: End, address: Address, isDestination: boolean): boolean => {
    if (end.kind === 'any') return true;
    if (end.kind === 'prefix') return containsAddress(end.prefix, address);
    if (end.kind === 'outside') throw new Error('there is a network called internet');
    return end.members.some(
      (member) =>
        own.get(member)?.some((one) => same(one, address)) ??
        (inSegment(member, address) && !(isDestination && routers.some((one) => same(one, address)))),
    );
  };
  const isAbout = ({ from, to, services }: PolicyLine) =>
    isIn(from, packet.from, false) &&
    isIn(to, packet.to, true) &&
    (services === 'any' ||
      services.some(
        ({ protocol, ports }) =>
          protocol === packet.protocol && (ports === undefined || (ports.from <= packet.port && packet.port <= ports.to)),
      ));
  const about = lines.filter(isAbout);
  const logs = (list: readonly PolicyLine[]) => (list.some(({ log }) => log) ? ' and log' : '');
  const denials = about.filter(({ action }) => action !== 'allow');
  if (denials.length > 0) return `deny${logs(denials)}`;
  return about.length > 0 ? `allow${logs(about)}` : 'otherwise';
}
