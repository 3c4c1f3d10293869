/** What is done to the cables of a running bottle. It holds until the next `up`. */
import { isDeepStrictEqual } from 'node:util';
import { type Cable, cablesOf } from '../compile/cable.ts';
import { suggest } from '../diagnostic/suggest.ts';
import { type Impairment, isPart, partNames, UNIMPAIRED, understandImpairment } from '../network/impairment.ts';
import type { Network } from '../network/network.ts';
import { disrupts, type Plan } from '../plan/plan.ts';
import { identityOf, type Resource } from '../resource/kinds.ts';
import type { Context } from './context.ts';
import { desire } from './desire.ts';
import { EngineError } from './error.ts';
import { exclusively } from './exclusive.ts';
import { recover } from './recover.ts';
import { running } from './running.ts';
import { type Interim, interimOf } from './state.ts';
import { raise } from './up.ts';

export interface Done {
  readonly plan: Plan;
  /** The cables that were meant: `web/dmz`, or the name of a link. */
  readonly cables: readonly string[];
}

/**
 * Makes cables do this to packets, instead of whatever they did; `UNIMPAIRED` for nothing.
 * @throws EngineError `not-running`, `no-cable`, and what `up` throws.
 */
export const impair = (context: Context, bottle: string, target: string, impairment: Impairment): Promise<Done> =>
  change(context, bottle, 'impair', target, (interim, cables) => ({
    ...interim,
    impaired: { ...interim.impaired, ...Object.fromEntries(cables.map((name) => [name, impairment])) },
  }));

/**
 * Pulls cables out, or puts them back.
 * @throws EngineError as `impair` does.
 */
export const plug = (context: Context, bottle: string, target: string, up: boolean): Promise<Done> =>
  change(context, bottle, 'link', target, (interim, cables) => {
    const others = (interim.pulled ?? []).filter((name) => !cables.includes(name));
    return { ...interim, pulled: up ? others : [...others, ...cables].sort() };
  });

async function change(
  context: Context,
  bottle: string,
  command: 'impair' | 'link',
  target: string,
  next: (interim: Interim, cables: readonly string[]) => Interim,
): Promise<Done> {
  await recover(context, bottle);
  return exclusively(context.home, bottle, command, async () => {
    const { state, network } = running(context.home, bottle);
    const cables = cablesAt(network, target);
    const interim = next(
      interimOf(state),
      cables.map(({ name }) => name),
    );
    const desired = desire(context.home, network, interim);
    const agreed = agreeing(context, state.resources, desired);
    const plan = await raise(agreed, { path: state.source, file: state.file, network }, { interim, desired });
    return { plan, cables: cables.map(({ title }) => title) };
  });
}

/** Who says what becomes of a cable wants what that takes along; asked is about what else is to be put right. */
function agreeing(context: Context, before: readonly Resource[], after: readonly Resource[]): Context {
  const isMeant = ({ changes }: Plan): boolean => {
    const [old, wanted] = [before, after].map((all) => new Map(all.map((one) => [identityOf(one), one])));
    return changes.filter(disrupts).every(({ identity }) => !isDeepStrictEqual(old?.get(identity), wanted?.get(identity)));
  };
  return { ...context, agree: async (plan) => isMeant(plan) || (await context.agree(plan)) };
}

/** `web/dmz` for one cable, `boxa/boxb` for a trunk, or the name of a link or of a network. */
function cablesAt(network: Network, target: string): readonly Cable[] {
  const cables = cablesOf(network);
  const meant = cables.filter(({ segments, names }) => segments.includes(target) || names.includes(target));
  if (meant.length > 0) return meant;
  const names = [...new Set(cables.flatMap((cable) => [...cable.segments, ...cable.names]))];
  const own = names.filter((name) => name.startsWith(`${target}/`));
  if (own.length > 0) {
    throw new EngineError('no-cable', `${target} is no cable of ${network.name}, but what some lead to`, {
      remedy: `Name one of them: ${own.slice(0, 20).join(', ')}${own.length > 20 ? ', …' : ''}.`,
    });
  }
  const near = suggest(target, names);
  throw new EngineError('no-cable', `${network.name} has no cable ${target}${near === undefined ? '' : `; did you mean ${near}?`}`, {
    remedy: `Its cables: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
  });
}

/**
 * What `delay=20ms loss=1%` means, or `none`.
 * @throws EngineError `usage`, with all that is wrong
 */
export function impairmentIn(words: readonly string[]): Impairment {
  if (words.length === 1 && words[0] === 'none') return UNIMPAIRED;
  const pairs = words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  const odd = pairs.filter(([key], i) => !isPart(key) || pairs.findIndex(([other]) => other === key) !== i);
  const { impairment, faults } = understandImpairment(Object.fromEntries(pairs));
  const details = [
    ...odd.map(([key, value]) =>
      isPart(key) ? `${key} is given twice` : `${key === '' ? value : key}: not one of ${partNames.join(', ')}`,
    ),
    ...faults.map(({ key, message, remedy }) => `${key}: ${message}. ${remedy}`),
  ];
  if (details.length === 0) return impairment;
  throw new EngineError('usage', 'that is nothing that a cable can do to packets', {
    details,
    remedy: 'Write it as `bottle impair web/dmz delay=20ms loss=1%`, or `bottle impair web/dmz none`.',
  });
}
