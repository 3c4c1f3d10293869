/**
 * Expectations as packets to send.
 *
 * Which address of a target is asked: where the file names a segment, the target's in that segment; where it names a
 * prefix, all those in it; else one in a segment that source and target share, or the target's first. One for each
 * address family that both have, so that a promise about two dual-stack nodes is a promise about both families.
 */
import type { Expectation } from '../network/expectation.ts';
import type { Network } from '../network/network.ts';
import { askedAddresses, type Located, type Source, sourcesOf, type Target, targetsOf } from './ends.ts';
import { type Exchange, exchangesOf, namedExchanges, otherExchanges, unique } from './exchanges.ts';
import { filled, mayLoseLarge } from './filled.ts';
import { landingOf } from './landing.ts';
import { choosePairs } from './pairs.ts';
import type { Ask, Question } from './question.ts';
import { areStopped, running, stoppedIn } from './stopped.ts';

export interface QuestionLimits {
  /** Pairs of source and target for each expectation; 2,000 unless given. */
  readonly pairs?: number;
  /** Packet exchanges for each expectation; 20,000 unless given. A single pair is always asked in full. */
  readonly probes?: number;
  /** Ports to try for "and nothing else"; 32 unless given. */
  readonly others?: number;
  /** Names of the nodes that are stopped. */
  readonly stopped?: ReadonlySet<string>;
}

export function questionsOf(
  network: Network,
  expectations: readonly Expectation[] = network.expectations,
  limits: QuestionLimits = {},
): readonly Question[] {
  const named = namedExchanges(network);
  return expectations.map((expectation) => questionOf(network, expectation, named, limits));
}

interface Expected {
  readonly exchange: Exchange;
  readonly expected: Ask['expected'];
}

function expectedOf({ mode, services }: Expectation, named: readonly Exchange[], others: number): readonly Expected[] {
  const promised = mode === 'nothing' ? [] : unique(services.flatMap(exchangesOf));
  const excluded = mode === 'at-least' ? [] : otherExchanges(named, mode === 'nothing' ? [] : services, others);
  return [
    ...promised.map((exchange): Expected => ({ exchange, expected: 'answer' })),
    ...excluded.map((exchange): Expected => ({ exchange, expected: 'silence' })),
  ];
}

function questionOf(network: Network, expectation: Expectation, named: readonly Exchange[], limits: QuestionLimits): Question {
  const { stopped = new Set() } = limits;
  const ends = [sourcesOf(network, expectation.from), targetsOf(network, expectation.to)] as const;
  const [sources, targets] = [running(ends[0], stopped), running(ends[1], stopped)];
  const unmeasured = sources.unmeasured ?? targets.unmeasured;
  const absent = new Set(ends.flatMap((end) => stoppedIn(end, stopped)));
  const nothing = { expectation, asks: [], pairs: { measured: 0, total: 0 }, apart: [], stopped: [...absent] };
  if (unmeasured !== undefined) return { ...nothing, unmeasured };

  const expected = expectedOf(expectation, named, limits.others ?? 32);
  const limit = Math.max(1, Math.min(limits.pairs ?? 2000, Math.floor((limits.probes ?? 20000) / Math.max(1, expected.length * 2))));
  const { pairs, total } = choosePairs(sources.items, targets.items, limit, {
    source: ({ node }) => node.name,
    target: ({ node }) => node?.name,
  });
  if (total === 0) return { ...nothing, unmeasured: 'there is no pair of two different nodes to measure' };

  const asks: Ask[] = [];
  const apart: { from: string; to: string }[] = [];
  for (const [source, target] of pairs) {
    const addresses = askedAddresses(source, target);
    if (addresses.length === 0 && target.node !== undefined) apart.push({ from: source.node.name, to: target.node.name });
    for (const { address } of addresses)
      for (const { exchange, expected: wanted } of expected) {
        const landing = landingOf(network, address, exchange);
        const gone = landing !== undefined && stopped.has(landing.target);
        // Its port is closed for as long: that is no answer, but whether there would be one nobody can say.
        if (gone && wanted === 'answer') absent.add(landing.target);
        else asks.push({ probe: { ...probeOf(source, target, address, exchange), ...(gone ? {} : landing) }, expected: wanted });
      }
  }
  if (mayLoseLarge(network)) asks.push(...filled(network, asks));
  if (asks.length === 0 && absent.size > 0) return { ...nothing, stopped: [...absent], unmeasured: areStopped([...absent]) };
  return { expectation, asks, pairs: { measured: pairs.length, total }, apart, stopped: [...absent] };
}

function probeOf(source: Source, target: Target, to: Located['address'], exchange: Exchange): Ask['probe'] {
  return {
    from: source.node.name,
    ...(source.address && { source: source.address }),
    to,
    ...(target.node && { target: target.node.name }),
    ...exchange,
  };
}
