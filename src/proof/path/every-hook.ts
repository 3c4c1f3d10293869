/** The hooks that a packet passes without anything happening to it, put where they are on its way. */
import type { Ending, Step, Trace } from './step.ts';

/** The same way, with a step for each hook. */
export function withEveryHook(trace: Trace): Trace {
  const parts = partsOf(trace.steps);
  const steps = parts.flatMap((part, place) =>
    isBeside(parts[place - 1]) || isBeside(parts[place + 1], 'decapsulated')
      ? part
      : hooksShown(part, endOf(parts[place + 1], trace.ending)),
  );
  return { ...trace, steps };
}

/** Whether the packet of a tunnel comes by no hook: after where it begins, or before where it ends. */
function isBeside(part: readonly Step[] | undefined, kind: 'encapsulated' | 'decapsulated' = 'encapsulated'): boolean {
  const first = part?.[0];
  return first?.kind === kind && 'beside' in first;
}

/** How a packet ends before the next part: what comes out of a packet has been delivered in it. */
function endOf(next: readonly Step[] | undefined, ending: Ending): Ending['kind'] | undefined {
  if (next === undefined) return ending.kind;
  return next[0]?.kind === 'decapsulated' ? 'delivered' : undefined;
}

const BEGINNINGS: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'sent',
  'received',
  'bridged',
  'fragmented',
  'encapsulated',
  'decapsulated',
]);

/** A host that the packet is at, a bridge that it crosses, or an end of a tunnel. */
function partsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const parts: Step[][] = [];
  for (const step of steps) {
    const last = parts.at(-1);
    if (BEGINNINGS.has(step.kind) || last === undefined) parts.push([step]);
    else last.push(step);
  }
  return parts;
}

/** `ending` where it is here that the packet ends. */
function hooksShown(part: readonly Step[], ending: Ending['kind'] | undefined): readonly Step[] {
  const [first] = part;
  if (first === undefined || (first.kind !== 'sent' && first.kind !== 'received')) return part;
  const begin = first.kind === 'sent' ? 'output' : 'prerouting';
  return hooksIn(part, begin, ending).flatMap((hook) => {
    const here = part.filter((step) => hookOf(step, begin) === hook);
    return here.some(isEvent) ? here : [...here, { kind: 'passed', at: first.at, hook }];
  });
}

function hooksIn(part: readonly Step[], begin: 'output' | 'prerouting', ending: Ending['kind'] | undefined): readonly string[] {
  const asked = (hook: string): boolean => part.some((step) => step.kind === 'filtered' && step.hook === hook);
  const leaves = part.some(({ kind }) => kind === 'routed' || kind === 'masqueraded') || ending === 'outside' || asked('postrouting');
  if (leaves) return begin === 'output' ? [begin, 'postrouting'] : [begin, 'forward', 'postrouting'];
  if (asked('forward')) return [begin, 'forward'];
  return asked('input') || ending === 'delivered' ? [begin, 'input'] : [begin];
}

function hookOf(step: Step, begin: string): string {
  if (step.kind === 'filtered') return step.hook;
  const leaving = step.kind === 'routed' || step.kind === 'masqueraded' || (step.kind === 'translated' && step.what === 'source');
  return leaving ? 'postrouting' : begin;
}

/** Something that a hook does. */
const isEvent = ({ kind }: Step): boolean => kind === 'filtered' || kind === 'translated' || kind === 'masqueraded';
