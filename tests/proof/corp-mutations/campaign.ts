import { join } from 'node:path';
import { compile } from '../../../src/compile/compile.ts';
import { load } from '../../../src/engine/load.ts';
import { modelOf } from '../../../src/proof/path/build/model-of.ts';
import { Space } from '../../../src/proof/reach/space.ts';
import { Random } from '../../mutation/random.ts';
import { type Changes, changes } from './changes.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { noticed } from './single.ts';
import { brokenPromises, release, Surveyor } from './survey.ts';

export interface Campaign {
  readonly mutants: number;
  /** Mutants by kind, and by what came of them. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<Finding, number>>;
  /** Mutants that sets do not notice, and single packets do. */
  readonly missed: readonly string[];
}

/**
 * What sets notice: `promise broken`; `opened or closed`, for whoever begins something; `of connections`, for what belongs to one that
 * is there, or that a place sends itself; `told otherwise`, for those that are refused in any case. What they do not notice was tried
 * with single packets, which found nothing in what is `equal`.
 */
type Finding = 'promise broken' | 'opened or closed' | 'of connections' | 'told otherwise' | 'equal' | 'missed';

interface Options {
  readonly which: (mutant: Mutant, place: number) => boolean;
  /** Single packets for each that sets do not notice. */
  readonly packets: number;
  readonly report?: (line: string) => void;
}

const examples = join(import.meta.dirname, '..', '..', '..', 'examples');

/** `rings` has what the examples have not: both families, and NAT of both. */
export const files = {
  'router-lab': join(examples, 'router-lab', 'bottle.yaml'),
  rings: join(import.meta.dirname, 'rings.yaml'),
  corp: join(examples, 'corp', 'bottle.yaml'),
} as const;
const host = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

/** Changes one thing after another in the compiled resources of a file, and asks who notices. */
export async function campaign(name: keyof typeof files, { which, packets, report }: Options): Promise<Campaign> {
  const { network } = await load(files[name]);
  const resources = compile(network, host);
  const original = modelOf(resources);
  const counts = new Map<string, Map<Finding, number>>();
  const missed: string[] = [];
  const mutants = mutantsOf(resources).filter(which);
  const space = new Space([original, ...mutants.map((mutant) => modelOf(mutant.resources))]);
  const surveyor = new Surveyor(space, network);
  const before = surveyor.survey(original);
  const brokenBefore = brokenPromises(space, network, before);
  if (brokenBefore.length > 0) throw new Error(`${name} breaks its own promises: ${brokenBefore.join(', ')}`);
  for (const [place, { kind, what, namespace, resources: mutated, changed }] of mutants.entries()) {
    const model = modelOf(mutated);
    const after = surveyor.survey(model, namespace);
    const differences = changes(space, before, after);
    const broken = differences.first.length === 0 ? [] : brokenPromises(space, network, after);
    let finding: Finding = findingOf(broken, differences);
    let saying = [...broken, ...differences.first, ...differences.tracked, ...differences.told];
    if (saying.length === 0) {
      const { passing, told } = noticed(network, [original, model], changed, new Random(place), packets);
      finding = passing.length > 0 || told.length > 0 ? 'missed' : 'equal';
      saying = [...passing, ...told];
    }
    release(space, after);
    space.sets.collect();
    const byFinding = counts.get(kind) ?? new Map<Finding, number>();
    counts.set(kind, byFinding.set(finding, (byFinding.get(finding) ?? 0) + 1));
    const line = `${kind}: ${what}: ${finding}${saying.length > 0 ? `: ${saying.slice(0, 2).join('; ')}` : ''}`;
    report?.(line);
    if (finding === 'missed') missed.push(line);
  }
  return { mutants: mutants.length, counts, missed };
}

function findingOf(broken: readonly string[], { first, tracked }: Changes): Finding {
  if (broken.length > 0) return 'promise broken';
  if (first.length > 0) return 'opened or closed';
  return tracked.length > 0 ? 'of connections' : 'told otherwise';
}
