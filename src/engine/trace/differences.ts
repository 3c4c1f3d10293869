/** Where what the kernel did is something else than what the model says. */
import type { Address } from '../../address/ip.ts';
import type { Decision } from '../../proof/evaluate.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Ending, Step, Trace } from '../../proof/path/step.ts';
import type { Seen } from './seen.ts';
import { untoldOf } from './told.ts';

/** A stretch of the way that differs; one of the two may have nothing there. */
export interface Difference {
  readonly model: readonly Step[];
  readonly kernel: readonly Step[];
  /** Where it is the end of the way that differs. */
  readonly endings?: { readonly model: Ending; readonly kernel: Seen['ending'] };
}

/** In the order of the way. Rules of others that let the packet on are no difference: the model does not know them. */
export function differencesOf(model: Trace, seen: Seen, network: Model): readonly Difference[] {
  const kernel = seen.steps.filter((step) => !isOfOthers(step, network));
  const untold = untoldOf(model.steps, network);
  const stretches = apart(
    model.steps.filter((step) => !untold.has(step)),
    kernel,
  );
  if (endsAlike(model.ending, seen.ending)) return stretches;
  return [...stretches, { model: [], kernel: [], endings: { model: model.ending, kernel: seen.ending } }];
}

function isOfOthers(step: Step, { stations }: Model): boolean {
  if (step.kind !== 'filtered' || step.decision.verdict !== 'accept') return false;
  const tables = stations.get(step.at)?.tables ?? [];
  return !tables.some(({ table }) => `${table.family} ${table.name}` === step.table);
}

/** What is left of the two ways when all that they have in common is taken out: the longest common row of steps. */
function apart(model: readonly Step[], kernel: readonly Step[]): readonly Difference[] {
  const lengths = commonLengths(model, kernel);
  const found: { readonly model: Step[]; readonly kernel: Step[] }[] = [];
  let open: (typeof found)[number] | undefined;
  const stretch = (): (typeof found)[number] => {
    if (open !== undefined) return open;
    open = { model: [], kernel: [] };
    found.push(open);
    return open;
  };
  for (let [at, other] = [0, 0]; at < model.length || other < kernel.length; ) {
    const [expected, met] = [model[at], kernel[other]];
    if (expected !== undefined && met !== undefined && isSame(expected, met)) {
      open = undefined;
      [at, other] = [at + 1, other + 1];
    } else if (expected !== undefined && (met === undefined || lengthAt(lengths, at + 1, other) >= lengthAt(lengths, at, other + 1))) {
      stretch().model.push(expected);
      at += 1;
    } else if (met !== undefined) {
      stretch().kernel.push(met);
      other += 1;
    }
  }
  return found;
}

const lengthAt = (lengths: readonly (readonly number[])[], at: number, other: number): number => lengths[at]?.[other] ?? 0;

/** By what is left of both from each place on. */
function commonLengths(model: readonly Step[], kernel: readonly Step[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: model.length + 1 }, () => new Array<number>(kernel.length + 1).fill(0));
  for (const [at, expected] of [...model.entries()].toReversed()) {
    for (const [other, met] of [...kernel.entries()].toReversed()) {
      const row = lengths[at];
      if (row === undefined) continue;
      const longer = Math.max(lengthAt(lengths, at + 1, other), lengthAt(lengths, at, other + 1));
      row[other] = isSame(expected, met) ? lengthAt(lengths, at + 1, other + 1) + 1 : longer;
    }
  }
  return lengths;
}

export function isSame(model: Step, kernel: Step): boolean {
  if (model.at !== kernel.at) return false;
  switch (model.kind) {
    case 'sent':
      return kernel.kind === 'sent' && sameEnds(model.packet, kernel.packet);
    case 'received':
      return kernel.kind === 'received' && model.device === kernel.device;
    case 'tracked':
      return kernel.kind === 'tracked' && model.state === kernel.state;
    case 'passed':
      return kernel.kind === 'passed' && model.hook === kernel.hook;
    case 'masqueraded':
    case 'fragmented':
    case 'matched':
    case 'changed':
      return kernel.kind === model.kind;
    case 'encapsulated':
    case 'decapsulated':
      return kernel.kind === model.kind && model.device === kernel.device;
    case 'routed':
      return (
        kernel.kind === 'routed' &&
        model.route.device === kernel.route.device &&
        model.route.to.value === kernel.route.to.value &&
        model.route.to.length === kernel.route.to.length &&
        model.route.via?.value === kernel.route.via?.value
      );
    case 'bridged':
      // The kernel does not tell where a frame would have gone that was stopped before.
      return (
        kernel.kind === 'bridged' &&
        model.bridge === kernel.bridge &&
        model.inPort === kernel.inPort &&
        (kernel.outPort === undefined || model.outPort === kernel.outPort)
      );
    case 'filtered':
      return (
        kernel.kind === 'filtered' &&
        model.hook === kernel.hook &&
        model.table === kernel.table &&
        sameDecision(model.decision, kernel.decision)
      );
    case 'translated':
      return kernel.kind === 'translated' && model.what === kernel.what && sameEnds(model.after, kernel.after);
  }
}

const sameDecision = (one: Decision, other: Decision): boolean =>
  one.verdict === other.verdict && one.chain === other.chain && one.by?.rule.comment === other.by?.rule.comment;

const sameEnds = (one: Packet, other: Packet): boolean =>
  same(one.source, other.source) &&
  same(one.destination, other.destination) &&
  one.sourcePort === other.sourcePort &&
  one.destinationPort === other.destinationPort;

const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

/** A program may listen where the file knows of none; nobody listening where the file has somebody is a difference. */
function endsAlike(model: Ending, kernel: Seen['ending']): boolean {
  if (model.kind !== kernel.kind || model.at !== kernel.at) return false;
  return !(model.kind === 'delivered' && kernel.kind === 'delivered' && model.listener === 'built-in' && kernel.listener === 'nobody');
}
