/**
 * Measures the proof of one network, and prints what it took as JSON: `node proof-measure.js MACHINESxROUTERSxLINES NETWORKS`.
 *
 * `bench/proof.ts` bundles and runs it, so that it is the program that is measured and not how a source file is loaded.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimizeLate } from '../src/cli/optimize-late.ts';
import { compile } from '../src/compile/compile.ts';
import { namespaceOf } from '../src/compile/placement.ts';
import { load } from '../src/engine/load.ts';
import { groundFor } from '../src/engine/prove/ground-for.ts';
import { matrix } from '../src/engine/prove/matrix.ts';
import type { Network } from '../src/network/network.ts';
import { addressesOf } from '../src/observe/ends.ts';
import type { Ground } from '../src/proof/reach/ground.ts';
import { answered, send } from '../src/proof/reach/question.ts';
import type { Resource } from '../src/resource/kinds.ts';
import { median } from './policy-figures.ts';
import { proofFile } from './proof-file.ts';

/** Seconds by the clock, and of the processor. */
export interface Taken {
  readonly seconds: number;
  readonly cpu: number;
}

export interface ProofFigures {
  readonly machines: number;
  readonly routers: number;
  readonly rules: number;
  readonly model: Taken;
  readonly question: Taken;
  readonly longest: Taken;
  /** Of so many networks with each other. */
  readonly networks: number;
  readonly matrix: Taken;
  /** Resident, at most; bytes. */
  readonly memory: number;
}

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

async function measured(size: string, count: number): Promise<ProofFigures> {
  const [machines = 0, routers = 0, lines = 0] = size.split('x').map(Number);
  const { network } = await networkOf(proofFile('proof', { machines, routers, lines }));
  const resources = compile(network, host);
  const [ground, building] = timed(() => groundFor(network, resources));
  const questions = pairsOf(machines)
    .map(([from, to]) => timed(() => ask(network, ground, from, to))[1])
    .toSorted((one, other) => one.seconds - other.seconds);
  const names = network.segments.map(({ name }) => name).filter((name) => name.startsWith('n'));
  const asked = names.slice(0, count);
  // On a model of its own, to which nothing was asked before.
  const fresh = [...resources];
  groundFor(network, fresh);
  const [, crossing] = timed(() => matrix(network, fresh, { from: asked, to: asked }));
  const none = { seconds: Number.NaN, cpu: Number.NaN };
  return {
    machines,
    routers,
    rules: rulesIn(resources),
    model: building,
    question: { seconds: median(questions.map(({ seconds }) => seconds)), cpu: median(questions.map(({ cpu }) => cpu)) },
    longest: questions.at(-1) ?? none,
    networks: asked.length,
    matrix: crossing,
    memory: process.resourceUsage().maxRSS * 1024,
  };
}

async function networkOf(text: string) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-proof-'));
  try {
    const path = join(directory, 'bottle.yaml');
    writeFileSync(path, text);
    return await load(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function timed<T>(act: () => T): readonly [T, Taken] {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = act();
  const { user, system } = process.cpuUsage(before);
  return [result, { seconds: (performance.now() - started) / 1e3, cpu: (user + system) / 1e6 }];
}

/** Both families, all that the one may send to the other, and what of it is answered. */
function ask(network: Network, ground: Ground, from: string, to: string): void {
  const party = (name: string) => {
    const node = network.nodes.find((one) => one.name === name);
    const station = ground.model.stations.get(namespaceOf(network.name, name));
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

optimizeLate();
const [size = '', count = '50'] = process.argv.slice(2);
console.log(JSON.stringify(await measured(size, Number(count))));
