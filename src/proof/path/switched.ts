/** A frame at a switch whose flows decide about it: which let it out, what they make of it, and who it is for then. */
import type { Chain } from '../../resource/ruleset/chain.ts';
import type { Decision } from '../evaluate.ts';
import { type Packet, viewOf } from '../packet.ts';
import { changed } from './flows/changes.ts';
import { decisiveFlow, type Program } from './flows/program.ts';
import type { Model } from './model.ts';
import type { Step } from './step.ts';
import { type Arrival, arrivalBehind, type BridgeCrossing, type Crossing } from './wire.ts';

/** A frame on its way over a switch, to whoever it is for. */
export interface Crossed {
  readonly frame: Packet;
  readonly crossing: BridgeCrossing;
  readonly rest: readonly Crossing[];
  readonly end: Pick<Arrival, 'station' | 'device'>;
}

interface Stopped {
  /** As it was then. */
  readonly frame: Packet;
  readonly decision: Decision;
}

/** @throws NotFollowed */
export function switched(model: Model, program: Program, coming: Crossed, steps: Step[]): Crossed | Stopped {
  let at = coming;
  for (let chain: Chain | undefined = program.begin; chain !== undefined; ) {
    const { station, bridge, inPort } = at.crossing;
    const decision = program.evaluator.decide(chain, viewOf({ ...at.frame, inDevice: inPort, outDevice: deviceOf(at.crossing) }));
    const matched = { kind: 'matched', at: station.namespace, bridge, ...decisiveFlow(program, decision) } as const;
    const special = program.special.get(decision.by?.chain ?? '');
    if (special === undefined) {
      steps.push({ ...matched, decision });
      return decision.verdict === 'accept' ? at : { frame: at.frame, decision };
    }
    const { receiver } = special;
    const arrival = receiver === undefined ? undefined : arrivalBehind(model, at.crossing, receiver);
    const [crossing, ...rest] = arrival?.crossings ?? [];
    const isThere = receiver === undefined || crossing?.kind === 'bridge';
    if (crossing?.kind === 'bridge' && arrival !== undefined) at = { ...at, crossing, rest, end: arrival };
    const onward = isThere ? special.onward(deviceOf(at.crossing)) : 'stays';
    const after = onward === 'stays' ? undefined : changed(at.frame, onward.changes);
    if (onward === 'stays' || after === undefined) {
      steps.push({ ...matched, decision });
      return { frame: at.frame, decision };
    }
    steps.push({ ...matched, decision: { ...decision, verdict: 'accept' } });
    if (onward.changes.length > 0) steps.push({ kind: 'changed', at: station.namespace, bridge, before: at.frame, after });
    at = { ...at, frame: after };
    chain = onward.chain;
  }
  return at;
}

const deviceOf = ({ bridge, outPort = bridge }: BridgeCrossing): string => outPort;
