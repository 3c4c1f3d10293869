/** Small networks at random: only files that are right, and with everything in them that decides about packets. */
import type { Random } from '../mutation/random.ts';
import { chance, one, some } from './choice.ts';
import { type File, readFile, type Section, type Tree } from './file.ts';
import { overlaid, wired } from './wiring.ts';

export const MTUS = [1300, 1400, 1500] as const;

interface Sketch {
  readonly random: Random;
  /** Names of networks by their number, which their addresses have in them. */
  readonly networks: readonly string[];
  readonly families: readonly (readonly (4 | 6)[])[];
  readonly routers: readonly string[];
  readonly machines: readonly string[];
  readonly ends: readonly string[];
}

/** What the host has to attach networks to, by their number. */
const ATTACHMENTS = [{ interface: 'phys0' }, { interface: 'phys1', by: 'veth' }, { bridge: 'br0' }, { interface: 'phys2' }] as const;

const PORTS = ['tcp/80', 'tcp/443', 'tcp/8000-8010', 'udp/53', 'udp/5000-5003', 'tcp/22', 'ping'] as const;

export interface Kinds {
  /** Networks may share switches, as VLANs, and travel in one another. */
  readonly layered?: boolean;
}

/** The same for the same seed. */
export function generate(random: Random, kinds: Kinds = {}): File {
  for (;;) {
    const file = attempt(random, kinds);
    if (file !== undefined) return file;
  }
}

function attempt(random: Random, { layered = false }: Kinds): File | undefined {
  const count = 1 + random.below(5);
  const both = random.below(4);
  const families = Array.from({ length: count }, (): readonly (4 | 6)[] =>
    both < 2 ? [4, 6] : both === 2 ? [4] : one(random, [[4, 6], [4], [6]] as const),
  );
  const networks = Array.from({ length: count }, (_, number) => (number === 0 && chance(random, 30) ? 'internet' : `n${number}`));
  const addresses = (number: number, host: number): string[] =>
    (families[number] ?? []).map((family) => (family === 4 ? `10.${number}.0.${host}` : `fd00:${number}::${host}`));
  const sections: Section = { networks: {}, links: {}, bridges: {}, routers: {}, machines: {} };
  const put = (section: string, name: string, value: unknown): void => {
    sections[section] = { ...sections[section], [name]: value };
  };
  for (const [number, name] of networks.entries()) {
    const subnet = (families[number] ?? []).map((family) => (family === 4 ? `10.${number}.0.0/24` : `fd00:${number}::/64`));
    const mode = one(random, ['internal', 'internal', 'internal', 'internal', 'internal', 'nat', 'nat', 'routed', 'host-only', 'bridged']);
    const attach = ATTACHMENTS[number] ?? { interface: 'phys0' };
    put('networks', name, {
      subnet,
      ...(mode !== 'internal' && { mode }),
      ...(chance(random, 20) && { mtu: one(random, MTUS) }),
      ...(mode === 'bridged' && { attach }),
      ...(chance(random, 15) && { shared: true }),
      ...(mode === 'nat' &&
        chance(random, 30) && {
          nat: one(random, [
            { except: ['10.1.0.0/16'] },
            { except: ['10.2.0.0/16', 'fd00:2::/32'] },
            { to: ['192.0.2.2', '2001:db8:1::2'] },
          ]),
        }),
    });
  }
  const routers = Array.from({ length: count < 2 ? 0 : Math.min(3, random.below(5)) }, (_, number) => `r${number}`);
  const shape = one(random, ['row', 'ring', 'random', 'row']);
  for (const [number, name] of routers.entries()) {
    const legs =
      shape === 'random'
        ? some(random, [...networks.keys()], 2 + random.below(2))
        : [number % count, shape === 'ring' && number === routers.length - 1 ? 0 : (number + 1) % count];
    const within = [...new Set(legs)].map((leg) => [networks[leg] ?? '', addresses(leg, 20 + number)] as const);
    put('routers', name, { networks: Object.fromEntries(within), ...(chance(random, 20) && { listen: ['tcp/80', 'udp/53'] }) });
  }
  const machines = Array.from({ length: 2 + random.below(5) }, (_, number) => `m${number}`);
  for (const [number, name] of machines.entries()) {
    const legs = some(random, [...networks.keys()], chance(random, 25) ? 2 : 1);
    const within = legs.map((leg) => {
      const own = addresses(leg, 30 + number);
      return [networks[leg] ?? '', chance(random, 10) ? [...own, ...addresses(leg, 60 + number)] : own] as const;
    });
    put('machines', name, {
      networks: Object.fromEntries(within),
      ...(chance(random, 20) && { listen: some(random, ['tcp/80', 'udp/53', 'tcp/8005'], 1 + random.below(2)) }),
    });
  }
  const base = Object.fromEntries(Object.entries(sections).filter(([, entries]) => Object.keys(entries).length > 0));
  const plain: File = { name: 'lab', ...base };
  if (readFile(plain) === undefined) return undefined;
  const file = layered ? overlaid(wired(plain, random), random) : plain;
  const ends = [
    ...Object.keys(file['networks'] as Section),
    ...routers,
    ...machines,
    'any',
    'any',
    'internet',
    '10.0.0.0/8',
    '10.0.0.0/25',
    '10.1.0.30',
    'fd00::/16',
    'fd00:1::/64',
  ];
  return decorate(file, { random, networks, families, routers, machines, ends });
}

/** Adds one thing at a time, and leaves out what the front end has something against. */
function decorate(base: File, sketch: Sketch): File {
  const { random, networks, routers, machines } = sketch;
  let file = base;
  const add = (section: string, name: string, value: unknown): void => {
    const next = { ...file, [section]: { ...(file[section] as Tree | undefined), [name]: value } };
    if (readFile(next) !== undefined) file = next;
  };
  const edit = (section: string, name: string, more: Tree): void => {
    const before = (file[section] as Section | undefined)?.[name];
    if (before !== undefined) add(section, name, { ...before, ...more });
  };
  const nodes = [...routers, ...machines];
  if (chance(random, 25)) {
    const [left = '', right = ''] = some(random, nodes, 2);
    add('links', 'wire', {
      subnet: ['10.90.0.0/31', 'fd00:90::/127'],
      ends: { [left]: ['10.90.0.0', 'fd00:90::'], [right]: ['10.90.0.1', 'fd00:90::1'] },
    });
  }
  if (chance(random, 20)) bridge(file, sketch, (next) => (file = next));
  for (const name of nodes) {
    if (chance(random, 10)) edit(routers.includes(name) ? 'routers' : 'machines', name, { gateway: one(random, [...routers, 'none']) });
    if (chance(random, 10))
      edit(routers.includes(name) ? 'routers' : 'machines', name, {
        routes: { [one(random, [...networks, '10.2.0.0/16', '10.0.0.32/27'])]: one(random, [...nodes, 'none']) },
      });
  }
  for (const name of routers) if (chance(random, 45)) edit('routers', name, { nat: natOf(sketch) });
  for (let count = random.below(4); count > 0; count -= 1) {
    const [where, target] = forwardOf(sketch);
    add('forwards', where, target);
  }
  if (chance(random, 40)) add('groups', 'some', some(random, nodes, 2));
  if (chance(random, 70)) {
    const ends = file['groups'] === undefined ? sketch.ends : [...sketch.ends, 'some', 'some'];
    for (let count = 1 + random.below(7); count > 0; count -= 1)
      add('policy', `${one(random, ends)} -> ${one(random, ends)}`, rule(random));
    if (chance(random, 50)) add('policy', 'otherwise', one(random, ['drop', 'reject']));
  }
  return file;
}

function natOf({ random, networks, routers }: Sketch): Tree {
  const chosen = one(random, networks);
  const except = chance(random, 30) ? { except: [one(random, ['10.1.0.0/16', '10.0.0.30', 'fd00:1::/64', ...networks])] } : {};
  const number = networks.indexOf(chosen);
  const router = random.below(Math.max(routers.length, 1));
  return chance(random, 30)
    ? { snat: { [chosen]: [`10.${number}.0.${20 + router}`] }, ...except }
    : { masquerade: chance(random, 30) ? some(random, networks, 2) : chosen, ...except };
}

function forwardOf({ random, networks, routers, machines }: Sketch): readonly [string, string] {
  const number = random.below(networks.length);
  const where = one(random, [...routers, ...routers, 'host', `10.${number}.0.${20 + random.below(3)}`, `fd00:${number}::20`]);
  const [from, to] = one(random, [
    ['tcp/80', ''],
    ['tcp/8080', ':80'],
    ['tcp/8000-8010', ''],
    ['tcp/8000-8010', ':9000-9010'],
    ['udp/53', ''],
    ['udp/5000-5003', ':53-56'],
    ['tcp/2222', ':22'],
  ] as const);
  return [`${where} ${from}`, `${one(random, machines)}${to}`];
}

function rule(random: Random): unknown {
  const services = [...some(random, PORTS, 1 + random.below(2))];
  switch (random.below(8)) {
    case 0:
      return 'drop';
    case 1:
      return 'reject';
    case 2:
      return { deny: services, action: one(random, ['drop', 'reject']) };
    case 3:
    case 4:
      return 'any';
    case 5:
      return { allow: services, log: true };
    default:
      return services;
  }
}

/** A second wire behind a box, with the subnets of a network, and a machine on it. */
function bridge(file: File, { random, networks, families }: Sketch, take: (file: File) => void): void {
  const number = random.below(networks.length);
  const subnet = (families[number] ?? []).map((family) => (family === 4 ? `10.${number}.0.0/24` : `fd00:${number}::/64`));
  const address = (host: number): string[] =>
    (families[number] ?? []).map((family) => (family === 4 ? `10.${number}.0.${host}` : `fd00:${number}::${host}`));
  const next: File = {
    ...file,
    networks: { ...(file['networks'] as Tree), behind: { subnet } },
    bridges: { box: { networks: [networks[number] ?? '', 'behind'], ...(chance(random, 50) && { address: address(50) }) } },
    machines: { ...(file['machines'] as Tree), far: { networks: { behind: address(51) } } },
  };
  if (readFile(next) !== undefined) take(next);
}
