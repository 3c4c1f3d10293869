/** Many packets, of which those that end alike are told once. */
import type { Family } from '../../address/ip.ts';
import { commentOf, type Decision } from '../../proof/evaluate.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Ending } from '../../proof/path/step.ts';
import type { Exchange } from './exchange.ts';
import { type Explained, explainPair } from './pair.ts';
import type { Place } from './place.ts';
import type { Wishes } from './wishes.ts';

/** A packet, in words. */
export interface Named {
  readonly from: string;
  readonly to: string;
  readonly exchange: string;
  readonly family: Family;
}

export interface Outcome {
  readonly from: string;
  readonly to: string;
  /** Of the first that ended so. */
  readonly explained: Explained;
  /** The others. */
  readonly same: readonly Named[];
}

export interface Survey {
  /** Most frequent first. */
  readonly outcomes: readonly Outcome[];
  /** Pairs of a sender and a receiver that were looked at, and that there are. */
  readonly pairs: number;
  readonly total: number;
}

/** More are not told from one another by whoever reads about them. */
const MOST_PAIRS = 1000;

export function survey(model: Model, from: readonly Place[], to: readonly Place[], exchanges: readonly Exchange[], wishes: Wishes): Survey {
  const all = from.flatMap((source) => to.filter((target) => target.name !== source.name).map((target) => ({ source, target })));
  const step = Math.max(1, all.length / MOST_PAIRS);
  const chosen = Array.from({ length: Math.min(all.length, MOST_PAIRS) }, (_, place) => all[Math.floor(place * step)]);
  const found = new Map<string, { readonly first: Omit<Outcome, 'same'>; readonly same: Named[] }>();
  for (const pair of chosen) {
    if (pair === undefined) continue;
    const { source, target } = pair;
    for (const exchange of exchanges)
      for (const explained of explainPair(model, { from: source, to: target, exchange, wishes })) {
        const key = outcomeOf(explained, source, target);
        const known = found.get(key);
        if (known === undefined) found.set(key, { first: { from: source.name, to: target.name, explained }, same: [] });
        else known.same.push({ from: source.name, to: target.name, exchange: explained.exchange, family: explained.family });
      }
  }
  const outcomes = [...found.values()].map(({ first, same }) => ({ ...first, same }));
  return { outcomes: outcomes.toSorted((one, other) => other.same.length - one.same.length), pairs: chosen.length, total: all.length };
}

/** What is the same for packets that end alike: where and why, seen from whoever sends and whoever is meant. */
function outcomeOf({ there, back, error, recognized }: Explained, from: Place, to: Place): string {
  const end = (ending: Ending): string => {
    const at =
      ending.at === from.namespace
        ? 'sender'
        : ending.at === to.namespace
          ? 'receiver'
          : ending.kind === 'delivered'
            ? 'another'
            : ending.at;
    return `${ending.kind} ${at} ${'decision' in ending ? ruleOf(ending.decision) : ''}`;
  };
  const translations = there.steps.flatMap((step) =>
    step.kind === 'translated' && step.decision !== undefined ? [ruleOf(step.decision)] : [],
  );
  return [
    end(there.ending),
    ...translations,
    back && end(back.ending),
    error && `${error.is.name} ${end(error.trace.ending)}`,
    recognized,
  ].join('; ');
}

const ruleOf = (decision: Decision): string => commentOf(decision) ?? decision.chain;
