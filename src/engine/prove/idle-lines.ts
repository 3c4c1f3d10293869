/** Lines of a file that decide nothing: no packet that they speak of ever comes by, or others decide all of it. */
import { namespaceOf } from '../../compile/placement.ts';
import { type LineRules, lineRules } from '../../compile/policy/line-rules.ts';
import type { Network } from '../../network/network.ts';
import type { Policy, PolicyLine } from '../../network/policy/policy-line.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { type Coming, Comings, flood } from '../../proof/reach/flood.ts';
import { Ground } from '../../proof/reach/ground.ts';
import { Hooks } from '../../proof/reach/hooks.ts';
import { type Idle, idleLines, type Line, type Place } from '../../proof/reach/idle.ts';
import { Space } from '../../proof/reach/space.ts';
import { Translators } from '../../proof/reach/translators.ts';
import { decide } from '../../proof/sets/chain.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { askedAbout } from './asked-about.ts';
import { doorsOf } from './doors.ts';
import { idleTranslations, type TranslatingLine, translatingLines } from './idle-translations.ts';

export interface IdleLine extends Told {
  /** Those that decide instead; none where no packet comes by that the line speaks of. */
  readonly by: readonly Told[];
  /** What becomes of packets that no line speaks of, where that is what the line says and no other line needs to. */
  readonly otherwise?: 'drop' | 'reject';
}

type Told = Pick<PolicyLine, 'text' | 'origin' | 'action'>;

export interface IdleLines {
  /** Of the policy. */
  readonly lines: readonly IdleLine[];
  /** Of `forwards:` and `nat:`. */
  readonly translations: readonly TranslatingLine[];
}

/** @param resources what the file compiles to, with all machines in it */
export function idleLinesOf(network: Network, resources: readonly Resource[]): IdleLines {
  const translating = translatingLines(network);
  if (network.policy === undefined && translating.length === 0) return { lines: [], translations: [] };
  const rules: Rules = network.policy === undefined ? new Map() : rulesByNamespace(network);
  const tables = [...rules.values()].flatMap((own) => own.map(({ table }) => table));
  const model = modelOf(resources);
  const ground = new Ground(new Space([model], { asked: askedAbout(network), rules: tables }), model);
  const comings = new Comings(new Set([...rules.values()].flatMap((own) => own.map(({ at }) => at))));
  const translators = new Translators(ground);
  const doors = doorsOf(network, model).filter(({ station }) => station.forwards(4) || station.forwards(6));
  flood(ground, doors, { entered: comings.entered, translated: translators.translated });
  return {
    lines: idlePolicyLines(network, ground, rules, comings.all(ground.space.diagram)),
    translations: idleTranslations(translating, translators.comments),
  };
}

type Rules = ReadonlyMap<string, readonly LineRules[]>;

function idlePolicyLines({ policy }: Network, ground: Ground, rules: Rules, comings: readonly Coming[]): readonly IdleLine[] {
  if (policy === undefined) return [];
  const meanings = policy.lines.map((line): Line => meaningOf(line, policy));
  const hooks = new Hooks(ground);
  const placeOf = ({ station, chain, situation, packets }: Coming): Place => {
    const sets = hooks.viewOf(situation, packets);
    const asked = (rules.get(station.namespace) ?? []).filter(({ at }) => at === chain);
    return new Map(
      asked.flatMap((own): readonly (readonly [Line, number])[] => {
        const meaning = meanings[own.line];
        const spoken = decide(sets, own.table, own.chain, packets, 'outcome').accepted;
        return meaning === undefined || spoken === EMPTY ? [] : [[meaning, spoken]];
      }),
    );
  };
  // Of lines that say the same, the last by its text is told, as by the lints: nothing hangs on their order in the file.
  const sorted = meanings.toSorted((one, other) => (textOf(policy, meanings, one) < textOf(policy, meanings, other) ? -1 : 1));
  const idle = new Map(idleLines(ground.space.diagram, sorted, comings.map(placeOf)).map((one) => [one.line, one]));
  return policy.lines.flatMap((line, index) => {
    const one = meanings[index] && idle.get(meanings[index]);
    return one === undefined ? [] : [toldOf(policy, meanings, line, one)];
  });
}

function rulesByNamespace(network: Network): Rules {
  const rulesAt = lineRules(network);
  const routers = network.nodes.filter(({ kind }) => kind === 'router').map(({ name }) => name);
  return new Map([[HOST, rulesAt('host')] as const, ...routers.map((name) => [namespaceOf(network.name, name), rulesAt(name)] as const)]);
}

/** Who denies comes before who allows, who drops before who rejects, and who logs before who does not. */
const meaningOf = ({ action, log }: PolicyLine, { otherwise }: Policy): Line => ({
  rank: ['drop', 'reject', 'allow'].indexOf(action) * 2 + (log ? 0 : 1),
  asOtherwise: action === otherwise.action && log === otherwise.log,
});

const textOf = ({ lines }: Policy, meanings: readonly Line[], meaning: Line): string => lines[meanings.indexOf(meaning)]?.text ?? '';

function toldOf({ lines, otherwise }: Policy, meanings: readonly Line[], { text, origin, action }: PolicyLine, idle: Idle): IdleLine {
  const by = idle.by.flatMap((one): readonly Told[] => {
    const line = lines[meanings.indexOf(one)];
    return line === undefined ? [] : [{ text: line.text, origin: line.origin, action: line.action }];
  });
  return { text, origin, action, by, ...(idle.otherwise && { otherwise: otherwise.action }) };
}
