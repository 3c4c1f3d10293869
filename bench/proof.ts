/**
 * How fast the proof is: `npm run bench:proof -- [--sizes 1000x20x1000,10000x100x6000] [--networks 50]`.
 *
 * Each size is machines x routers x lines of policy, in both families, every tenth access network behind source NAT.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compile } from '../src/compile/compile.ts';
import { namespaceOf } from '../src/compile/placement.ts';
import { load } from '../src/engine/load.ts';
import { matrix } from '../src/engine/prove/matrix.ts';
import type { Network } from '../src/network/network.ts';
import { addressesOf } from '../src/observe/ends.ts';
import { type Model, modelOf } from '../src/proof/path/model.ts';
import { Ground } from '../src/proof/reach/ground.ts';
import { answered, send } from '../src/proof/reach/question.ts';
import { Space } from '../src/proof/reach/space.ts';
import type { Resource } from '../src/resource/kinds.ts';
import { median } from './policy-figures.ts';
import { proofFile } from './proof-file.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000x20x1000,3000x50x2500,10000x100x6000' },
    networks: { type: 'string', default: '50' },
  },
});

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };
const directory = mkdtempSync(join(tmpdir(), 'bench-proof-'));

async function measure(size: string): Promise<void> {
  const [machines = 0, routers = 0, lines = 0] = size.split('x').map(Number);
  const path = join(directory, 'bottle.yaml');
  writeFileSync(path, proofFile('proof', { machines, routers, lines }));
  const { network } = await load(path);
  const resources = compile(network, host);
  const [model, building] = timed(() => {
    const built = modelOf(resources);
    return { built, ground: new Ground(new Space([built]), built) };
  });
  const questions = pairsOf(machines).map(([from, to]) => timed(() => ask(network, model.built, model.ground, from, to))[1]);
  const count = Number(values.networks);
  const chosen = new Set(network.segments.filter(({ name }) => name.startsWith('n')).map(({ name }) => name));
  const asked = [...chosen].slice(0, count);
  const [, crossing] = timed(() => matrix(network, resources, { from: asked, to: asked }));
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
  const cells = [
    machines.toLocaleString('en'),
    routers,
    rulesIn(resources).toLocaleString('en'),
    seconds(building),
    seconds(median(questions)),
    seconds(Math.max(...questions)),
    `${seconds(crossing)} (${asked.length} x ${asked.length})`,
    Math.round(process.resourceUsage().maxRSS / 1024),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function timed<T>(act: () => T): readonly [T, number] {
  const started = performance.now();
  const result = act();
  return [result, performance.now() - started];
}

/** Both families, all that the one may send to the other, and what of it is answered. */
function ask(network: Network, model: Model, ground: Ground, from: string, to: string): void {
  const party = (name: string) => {
    const node = network.nodes.find((one) => one.name === name);
    const station = model.stations.get(namespaceOf(network.name, name));
    if (node === undefined || station === undefined) throw new Error(`no ${name}`);
    return { station, addresses: addressesOf(node).map(({ address }) => address) };
  };
  for (const family of [4, 6] as const) {
    const wanted = ground.space.addresses('destination', family, party(to).addresses);
    for (const outcome of send(ground, [party(from)], family, wanted)) answered(ground, outcome, family);
  }
}

const pairsOf = (machines: number): readonly (readonly [string, string])[] =>
  Array.from({ length: 20 }, (_, index) => [`m${(index * 37) % machines}`, `m${(index * 101 + 13) % machines}`] as const);

const rulesIn = (resources: readonly Resource[]): number =>
  resources.reduce((sum, resource) => {
    if (resource.kind !== 'table') return sum;
    const elements = resource.sets.reduce((count, set) => count + set.elements.length, 0);
    return sum + elements + resource.chains.reduce((count, { rules }) => count + rules.length, 0);
  }, 0);

console.log('| machines | routers | rules and elements | model (s) | question, median (s) | longest (s) | matrix (s) | memory (MB) |');
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
try {
  for (const size of values.sizes.split(',')) await measure(size);
} finally {
  rmSync(directory, { recursive: true });
}
