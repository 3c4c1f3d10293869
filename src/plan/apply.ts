import { kindOf, orderOf, type Resource } from '../resource/kinds.ts';
import type { Backend, Making } from './backend.ts';
import type { Change, Plan } from './plan.ts';

/** Told before each run of changes: `removing 3 of 300`. */
export interface Progress {
  readonly phase: 'remove' | 'make';
  readonly kind: Resource['kind'];
  readonly count: number;
  /** Changes done before this run, and in all. */
  readonly done: number;
  readonly total: number;
}

/** A deliberate failure before the change with this number, for trying how failures are mended. */
export interface Fault {
  readonly at: number;
  act(): never;
}

interface Step {
  readonly phase: 'remove' | 'make';
  readonly change: Change;
  readonly resource: Resource;
}

/**
 * Does what the plan says: takes away first, in reverse order of making, then makes.
 * Stops at the first failure and leaves what has been done; putting things back is the caller's.
 */
export async function apply(plan: Plan, backends: readonly Backend[], report: (progress: Progress) => void, fault?: Fault): Promise<void> {
  const steps = stepsOf(plan);
  for (let at = 0; at < steps.length; ) {
    const run = runFrom(steps, at, backends, fault);
    if (run.steps.length === 0) {
      fault?.act();
      throw new Error(`no backend makes a ${steps[at]?.resource.kind}`);
    }
    const first = run.steps[0];
    if (first !== undefined)
      report({ phase: first.phase, kind: first.resource.kind, count: run.steps.length, done: at, total: steps.length });
    if (first?.phase === 'remove')
      await run.backend?.remove(
        plan.bottle,
        run.steps.map(({ resource }) => resource),
      );
    else await run.backend?.make(plan.bottle, run.steps.map(makingOf));
    at += run.steps.length;
  }
}

/**
 * How many steps the plan has, for faults to be spread over.
 *
 * @internal
 */
export const stepCount = (plan: Plan): number => stepsOf(plan).length;

function stepsOf(plan: Plan): readonly Step[] {
  const removing: Step[] = [];
  const making: Step[] = [];
  for (const change of plan.changes) {
    if (change.before !== undefined && !change.implied && (change.action === 'delete' || change.action === 'replace')) {
      removing.push({ phase: 'remove', change, resource: change.before });
    }
    if (change.after !== undefined) making.push({ phase: 'make', change, resource: change.after });
  }
  return [...removing.sort(inOrderOfGoing), ...making];
}

/** The reverse of the order of making, for what is made anew as well: a thing goes before what it lives in. */
function inOrderOfGoing(one: Step, other: Step): number {
  const kinds = orderOf(other.resource) - orderOf(one.resource);
  return kinds === 0 ? Number(one.change.action === 'replace') - Number(other.change.action === 'replace') : kinds;
}

const makingOf = ({ change, resource }: Step): Making => ({
  before: change.action === 'update' ? change.before : undefined,
  after: resource,
});

/** The steps from `at` on that one backend can do in one go, up to the fault if there is one. */
function runFrom(
  steps: readonly Step[],
  at: number,
  backends: readonly Backend[],
  fault: Fault | undefined,
): { readonly backend: Backend | undefined; readonly steps: readonly Step[] } {
  const first = steps[at];
  const backend = backends.find(({ kinds }) => first !== undefined && kinds.has(first.resource.kind));
  let end = at;
  while (end < steps.length && end !== fault?.at) {
    const step = steps[end];
    if (step === undefined || step.phase !== first?.phase || backend?.kinds.has(step.resource.kind) !== true) break;
    end++;
  }
  return { backend, steps: steps.slice(at, end) };
}

/** One line about a change, in the words of the kernel's tools. */
export function describeChange({ before, after }: Change): string {
  const resource = after ?? before;
  return resource === undefined ? '' : kindOf(resource).describe(resource);
}
