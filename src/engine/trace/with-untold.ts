/** The way that was seen, with what nobody tells of put where the model has it. */
import type { Model } from '../../proof/path/model.ts';
import type { Step, Trace } from '../../proof/path/step.ts';
import { isSame } from './differences.ts';
import type { Seen } from './seen.ts';
import { untoldOf } from './told.ts';

/** As far as what was seen is what the model says; beyond, its words would be a guess. */
export function withUntold(model: Trace, seen: Seen, network: Model): Seen {
  const untold = untoldOf(model.steps, network);
  const steps: Step[] = [];
  const shown = new Set<Step>();
  let waiting: Step[] = [];
  let next = 0;
  for (const step of model.steps) {
    if (untold.has(step)) {
      waiting.push(step);
      continue;
    }
    const found = seen.steps.findIndex((one, place) => place >= next && isSame(step, one));
    if (found < 0) return { ...seen, steps: [...steps, ...seen.steps.slice(next)], untold: shown };
    // Rules of others come in between, at the place that was left or at the one that is come to.
    const at = seen.steps.findIndex((one, place) => place >= next && one.at === step.at);
    steps.push(...seen.steps.slice(next, at), ...waiting, ...seen.steps.slice(at, found + 1));
    for (const one of waiting) shown.add(one);
    waiting = [];
    next = found + 1;
  }
  const rest = seen.steps.slice(next);
  if (seen.ending !== model.ending) return { ...seen, steps: [...steps, ...rest], untold: shown };
  for (const one of waiting) shown.add(one);
  return { ...seen, steps: [...steps, ...rest, ...waiting], untold: shown };
}
