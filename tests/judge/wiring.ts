/** What networks are made of, at random: VLANs on switches with trunks between them, and tunnels through one another. */
import type { Random } from '../mutation/random.ts';
import { chance, one, some } from './choice.ts';
import { type File, readFile, type Section, type Tree } from './file.ts';

/** Machines with tags: where the kernel has no devices for them, each is an Open vSwitch of its own. */
const MOST_TAGGED = 2;

const TRIES = 6;

/** The same with some of its networks on switches that they share; as it was where there are none that can be. */
export function wired(file: File, random: Random): File {
  if (!chance(random, 60)) return file;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const next = onSwitches(file, random);
    if (readFile(next) !== undefined) return next;
  }
  return file;
}

function onSwitches(file: File, random: Random): File {
  const names = Array.from({ length: 1 + random.below(3) }, (_, number) => `s${number}`);
  // A tree: each is joined with one before it.
  const trunks = names.slice(1).map((name, index) => [names[random.below(index + 1)] ?? '', name] as const);
  const networks = { ...(file['networks'] as Section) };
  const placed = new Map<string, readonly string[]>();
  for (const [number, [name, spec]] of Object.entries(networks).entries()) {
    if (!chance(random, 75)) continue;
    const switches = subtree(random, names, trunks);
    const { shared: _guarded, ...rest } = spec;
    const vlan = chance(random, 80) ? { vlan: one(random, [10 + number, 2 + number, 100 * (number + 1), 4094 - number]) } : {};
    networks[name] = { ...rest, switch: switches.length === 1 ? switches[0] : switches, ...vlan };
    placed.set(name, switches);
  }
  const on = (name: string): readonly string[] => [...placed].filter(([, where]) => where.includes(name)).map(([network]) => network);
  const switches = Object.fromEntries(
    names
      .filter((name) => on(name).length > 0)
      .map((name) => {
        const cables = trunks.flatMap(([near, far]) => {
          const both = on(near).filter((network) => on(far).includes(network));
          return near === name && both.length > 0 ? [[far, trunk(random, both)] as const] : [];
        });
        const type = one(random, ['auto', 'auto', 'ovs'] as const);
        return [name, { ...(type !== 'auto' && { type }), ...(cables.length > 0 && { trunks: Object.fromEntries(cables) }) }];
      }),
  );
  if (placed.size === 0) return file;
  let tagging = MOST_TAGGED;
  const plugged = (nodes: Section = {}): Section =>
    Object.fromEntries(
      Object.entries(nodes).map(([name, node]) => {
        const tags = tagging > 0 && chance(random, 40);
        const legs = Object.entries(node['networks'] as Tree).map(([network, address]) => {
          const where = placed.get(network);
          if (where === undefined) return [network, address];
          const tagged = tags && networks[network]?.['vlan'] !== undefined && chance(random, 70);
          if (tagged) tagging -= 1;
          const leg = { address, ...(where.length > 1 && { switch: one(random, where) }), ...(tagged && { tagged }) };
          return [network, 'switch' in leg || tagged ? leg : address];
        });
        return [name, { ...node, networks: Object.fromEntries(legs) }];
      }),
    );
  const nodes = (section: string): Tree => (file[section] === undefined ? {} : { [section]: plugged(file[section] as Section) });
  return { ...file, networks, switches, ...nodes('routers'), ...nodes('machines') };
}

/** Switches that hang together. */
function subtree(random: Random, names: readonly string[], trunks: readonly (readonly [string, string])[]): readonly string[] {
  const chosen = [one(random, names)];
  while (chance(random, 50)) {
    const next = trunks.flatMap(([near, far]) =>
      chosen.includes(near) === chosen.includes(far) ? [] : [chosen.includes(near) ? far : near],
    );
    if (next.length === 0) break;
    chosen.push(one(random, next));
  }
  return chosen;
}

const trunk = (random: Random, both: readonly string[]): Tree => ({
  ...(chance(random, 30) && { allow: both }),
  ...(chance(random, 35) && { native: one(random, both) }),
});

/** The same with up to two networks more, that travel in packets of others. */
export function overlaid(file: File, random: Random): File {
  if (!chance(random, 50)) return file;
  let best = file;
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const next = withOverlay(best, random);
    if (readFile(next) !== undefined) best = next;
  }
  return best;
}

function withOverlay(file: File, random: Random): File {
  const names = Object.keys(file['networks'] as Section);
  const number = 40 + names.length;
  const name = `o${number}`;
  const over = some(random, names, 1 + random.below(2));
  const subnet = one(random, [[`10.${number}.0.0/24`, `fd00:${number}::/64`], [`10.${number}.0.0/24`], [`fd00:${number}::/64`]] as const);
  const overlay = {
    over,
    id: one(random, [7, 100, 16_777_215]),
    ...(chance(random, 30) && { port: 8472 }),
    ...(over.length === 1 && chance(random, 30) && { group: one(random, ['239.255.0.1', 'ff05::100']) }),
    ...(chance(random, 30) && { learning: false }),
  };
  const networks = { ...(file['networks'] as Section), [name]: { subnet, overlay } };
  const isUnder = (node: Tree): boolean => Object.keys(node['networks'] as Tree).some((network) => over.includes(network));
  const members = ['routers', 'machines'].flatMap((section) =>
    Object.entries((file[section] ?? {}) as Section)
      .filter(([, node]) => isUnder(node))
      .map(([node]) => node),
  );
  const chosen = some(random, members, 2 + random.below(3));
  const joined = (section: string): Tree => {
    if (file[section] === undefined) return {};
    const nodes = Object.entries(file[section] as Section).map(([node, spec]) => {
      const host = 30 + members.indexOf(node);
      const address = subnet.map((block) => (block.startsWith('fd') ? `fd00:${number}::${host}` : `10.${number}.0.${host}`));
      const legs = { ...(spec['networks'] as Tree), ...(chosen.includes(node) && { [name]: address }) };
      return [node, { ...spec, networks: legs }];
    });
    return { [section]: Object.fromEntries(nodes) };
  };
  return { ...file, networks, ...joined('routers'), ...joined('machines') };
}
