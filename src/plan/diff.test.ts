import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityOf, kindOf, orderOf, type Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import type { Veth } from '../resource/veth.ts';
import { apply } from './apply.ts';
import type { Backend } from './backend.ts';
import { diff } from './diff.ts';
import type { Change, Plan } from './plan.ts';

/** Small hosts over few names, so that two of them have much in common. They hold what they need, as what is compiled does. */
const namespaces = ['b', 'b.x', 'b.y'] as const;
const mtu = fc.constantFrom(1400, 1500);
const mac = fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:00:02');

const candidates = fc.record({
  present: fc.uniqueArray(fc.constantFrom(...namespaces), { minLength: 0 }),
  bridge: fc.option(mtu),
  veths: fc.uniqueArray(
    fc.record({
      machine: fc.constantFrom('b.x', 'b.y'),
      far: fc.constantFrom('b', HOST, 'b.y'),
      device: fc.constantFrom('e0', 'e1'),
      mtu,
      mac,
    }),
    {
      selector: ({ machine }) => machine,
    },
  ),
  addresses: fc.uniqueArray(
    fc.record({ machine: fc.constantFrom('b.x', 'b.y'), address: fc.constantFrom('10.0.0.1/24', '10.0.0.2/24', 'fd00::1/64') }),
    {
      selector: ({ machine, address }) => `${machine} ${address}`,
    },
  ),
  routes: fc.uniqueArray(fc.record({ machine: fc.constantFrom('b.x', 'b.y'), via: fc.constantFrom('10.0.0.8', '10.0.0.9') }), {
    selector: ({ machine }) => machine,
  }),
  processes: fc.uniqueArray(fc.record({ machine: fc.constantFrom('b.x', 'b.y'), line: fc.constantFrom('a', 'b') }), {
    selector: ({ machine }) => machine,
  }),
});

const hosts: fc.Arbitrary<readonly Resource[]> = candidates.map(({ present, bridge, veths, addresses, routes, processes }) => {
  const found: Resource[] = present.map((name) => ({ kind: 'namespace', origin: [], name }));
  if (bridge !== null)
    found.push({
      kind: 'bridge',
      origin: [],
      namespace: 'b',
      device: 'br',
      mac: '02:00:00:00:00:09',
      mtu: bridge,
      stp: false,
      forwardDelay: 2,
      ageing: 300,
      up: true,
    });
  for (const { machine, far, device, ...rest } of veths) found.push(veth(machine, far, device, rest.mtu, rest.mac));
  const deviceOf = (machine: string): string => veths.find((one) => one.machine === machine)?.device ?? 'none';
  for (const { machine, address } of addresses)
    found.push({ kind: 'address', origin: [], namespace: machine, device: deviceOf(machine), address });
  for (const { machine, via } of routes)
    found.push({ kind: 'route', origin: [], namespace: machine, to: '0.0.0.0/0', type: 'unicast', via, device: deviceOf(machine) });
  for (const { machine, line } of processes) found.push(processIn(machine, line));
  return whole(found);
});

function veth(machine: string, far: string, device: string, mtu: number, mac: string): Veth {
  const end = { checksumOffload: true, up: true };
  return {
    kind: 'veth',
    origin: [],
    name: `${machine}/net`,
    ends: [
      { namespace: machine, device, mac, ...end },
      { namespace: far, device: `to-${machine}`, mac: '02:00:00:00:00:0a', ...end, ...(far === 'b' ? { master: 'br' } : {}) },
    ],
    mtu,
  };
}

const processIn = (machine: string, line: string): Resource => ({
  kind: 'process',
  origin: [],
  machine,
  namespace: machine,
  name: 'run',
  command: [line],
  environment: {},
  directory: '/',
  restart: 'never',
  hosts: '',
  resolver: '',
});

/** Without what lacks something that it needs. */
function whole(resources: readonly Resource[]): readonly Resource[] {
  const provided = new Set(resources.flatMap((resource) => kindOf(resource).provides(resource)));
  const kept = resources.filter((resource) =>
    kindOf(resource)
      .requires(resource)
      .every((key) => provided.has(key)),
  );
  return kept.length === resources.length ? kept : whole(kept);
}

/**
 * A host as far as planning goes, and as strict as a kernel: nothing is made without what it needs or where its name is
 * taken, and what ends takes along all that was in it.
 */
class ModelHost implements Backend {
  readonly name = 'model';
  readonly kinds = new Set<Resource['kind']>(['namespace', 'bridge', 'veth', 'address', 'route', 'process', 'sysctl', 'table', 'file']);
  readonly held: Map<string, Resource>;
  /** Names of devices whose namespace was ended, and which the kernel takes away when it finds the time. */
  readonly lingering = new Set<string>();
  readonly removed: string[] = [];

  constructor(resources: readonly Resource[]) {
    this.held = new Map(resources.map((resource) => [identityOf(resource), resource]));
  }

  read(): Promise<{ resources: readonly Resource[]; taken: [] }> {
    return Promise.resolve({ resources: [...this.held.values()], taken: [] });
  }

  remove(_bottle: string, resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) {
      this.removed.push(identityOf(resource));
      this.#end(resource, resource.kind === 'namespace');
    }
    return Promise.resolve();
  }

  #end(resource: Resource, later: boolean): void {
    this.held.delete(identityOf(resource));
    if (later && resource.kind === 'veth') for (const key of kindOf(resource).provides(resource)) this.lingering.add(key);
    const ended = new Set(kindOf(resource).provides(resource));
    for (const other of [...this.held.values()]) {
      if (!this.held.has(identityOf(other)) || other.kind === 'process') continue;
      const needs = kindOf(other)
        .requires(other)
        .filter((key) => ended.has(key) && !(key.startsWith('device:') && other.kind === 'veth'));
      const still = needs.filter((key) => ![...this.held.values()].some((one) => kindOf(one).provides(one).includes(key)));
      if (still.length > 0) this.#end(other, later);
    }
  }

  make(_bottle: string, makings: readonly { before: Resource | undefined; after: Resource }[]): Promise<void> {
    for (const { before, after } of makings) {
      const identity = identityOf(after);
      if (before === undefined && this.held.has(identity)) throw new Error(`${identity} is there already`);
      if (before !== undefined && !this.held.has(identity)) throw new Error(`${identity} is to be changed, and is gone`);
      const others = [...this.held.values()].filter((one) => identityOf(one) !== identity);
      const provided = new Set(others.flatMap((one) => kindOf(one).provides(one)));
      for (const key of kindOf(after).requires(after)) if (!provided.has(key)) throw new Error(`${identity} needs ${key}`);
      if (after.kind === 'veth' || after.kind === 'bridge') {
        for (const key of kindOf(after).provides(after))
          if (provided.has(key) || this.lingering.has(key)) throw new Error(`${key} is taken`);
      }
      this.held.set(identity, after);
    }
    return Promise.resolve();
  }
}

async function carriedOut(plan: Plan, observed: readonly Resource[]): Promise<ModelHost> {
  const host = new ModelHost(observed);
  await apply(plan, [host], () => undefined);
  return host;
}

const sorted = (resources: Iterable<Resource>): readonly string[] => [...resources].map((resource) => JSON.stringify(resource)).sort();

describe('a plan', () => {
  test('leads from whatever is there to what is wanted, and then there is nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(hosts, hosts, async (observed, desired) => {
        const host = await carriedOut(diff('b', desired, observed), observed);
        expect(sorted(host.held.values())).toEqual(sorted(desired));
        expect(diff('b', desired, [...host.held.values()]).changes).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test('leads to nothing at all when nothing is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(hosts, async (observed) => {
        expect([...(await carriedOut(diff('b', [], observed), observed)).held]).toEqual([]);
      }),
    );
  });

  test('never takes away what is wanted and is not made again', async () => {
    await fc.assert(
      fc.asyncProperty(hosts, hosts, async (observed, desired) => {
        const plan = diff('b', desired, observed);
        const { removed } = await carriedOut(plan, observed);
        const wanted = new Set(desired.map(identityOf));
        const replaced = new Set(plan.changes.filter(({ action }) => action === 'replace').map(({ identity }) => identity));
        expect(removed.filter((identity) => wanted.has(identity) && !replaced.has(identity))).toEqual([]);
      }),
    );
  });

  test('makes what is needed before what needs it, and tells going from coming', () => {
    fc.assert(
      fc.property(hosts, hosts, (observed, desired) => {
        const { changes } = diff('b', desired, observed);
        const coming = changes.flatMap(({ after }) => after ?? []);
        expect(coming.map(orderOf)).toEqual(coming.map(orderOf).toSorted((a, b) => a - b));
        expect(changes.findLastIndex(({ action }) => action === 'delete')).toBeLessThan(
          changes.some(({ action }) => action !== 'delete')
            ? changes.findIndex(({ action }) => action !== 'delete')
            : Number.POSITIVE_INFINITY,
        );
      }),
    );
  });

  test('is the same whatever order things are seen in', () => {
    fc.assert(
      fc.property(
        hosts.chain((observed) =>
          fc.tuple(fc.constant(observed), fc.shuffledSubarray([...observed], { minLength: observed.length }), hosts),
        ),
        ([observed, shuffled, desired]) => {
          const lines = (plan: Plan): readonly string[] =>
            plan.changes.map(({ action, identity, implied }) => `${action} ${identity} ${implied}`).sort();
          expect(lines(diff('b', desired, shuffled))).toEqual(lines(diff('b', desired, observed)));
        },
      ),
    );
  });
});

const namespace = (name: string): Resource => ({ kind: 'namespace', origin: [], name });
const address = (machine: string, text: string): Resource => ({
  kind: 'address',
  origin: [],
  namespace: machine,
  device: 'e0',
  address: text,
});
const route = (via: string): Resource => ({
  kind: 'route',
  origin: [],
  namespace: 'b.x',
  to: '0.0.0.0/0',
  type: 'unicast',
  via,
  device: 'e0',
});
const said = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ action, identity, implied }) => `${implied ? '(' : ''}${action} ${identity}${implied ? ')' : ''}`);

describe('what is made anew takes along what needs it', () => {
  const cable = veth('b.x', 'b.y', 'e0', 1500, '02:00:00:00:00:01');
  const base = [namespace('b.x'), namespace('b.y')];

  test('a cable that gets another name takes its addresses and routes', () => {
    const before = [...base, cable, address('b.x', '10.0.0.1/24'), route('10.0.0.9')];
    const after = [
      ...base,
      { ...cable, ends: [cable.ends[0], { ...cable.ends[1], device: 'other' }] } as Veth,
      address('b.x', '10.0.0.1/24'),
      route('10.0.0.9'),
    ];
    expect(said(diff('b', after, before).changes)).toEqual([
      'replace veth:b.x/net',
      '(replace address:b.x/e0/10.0.0.1/24)',
      '(replace route:b.x/0.0.0.0/0)',
    ]);
  });

  test('an address that goes takes the routes of its family, which the kernel drops with it', () => {
    const six = { ...(route('fd00::9') as Extract<Resource, { kind: 'route' }>), to: '::/0' };
    const before = [...base, cable, address('b.x', '10.0.0.1/24'), address('b.x', 'fd00::1/64'), route('10.0.0.9'), six];
    const after = [...base, cable, address('b.x', '10.0.0.2/24'), address('b.x', 'fd00::1/64'), route('10.0.0.9'), six];
    expect(said(diff('b', after, before).changes)).toEqual([
      'delete address:b.x/e0/10.0.0.1/24',
      'create address:b.x/e0/10.0.0.2/24',
      'replace route:b.x/0.0.0.0/0',
    ]);
  });

  test('a cable goes by itself where only one of its namespaces does', () => {
    expect(said(diff('b', [namespace('b.x')], [...base, cable]).changes)).toEqual(['delete veth:b.x/net', 'delete namespace:b.y']);
    expect(said(diff('b', [], [...base, cable]).changes)).toEqual([
      '(delete veth:b.x/net)',
      'delete namespace:b.y',
      'delete namespace:b.x',
    ]);
  });

  test('a process in a namespace that was taken away by somebody is started anew in the new one', () => {
    const { changes } = diff('b', [namespace('b.x'), processIn('b.x', 'a')], [processIn('b.x', 'a')]);
    expect(said(changes)).toEqual(['create namespace:b.x', 'replace process:b.x/run']);
  });

  test('two resources of one identity are a mistake of the compiler', () => {
    expect(() => diff('b', [namespace('b.x'), namespace('b.x')], [])).toThrow('two resources are namespace:b.x');
  });
});
