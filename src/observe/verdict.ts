/** Whether the promises of the file hold, from what the packets did. */
import { formatAddress } from '../address/format.ts';
import type { Family } from '../address/ip.ts';
import type { Expectation } from '../network/expectation.ts';
import type { Network } from '../network/network.ts';
import { type NameOf, namesOf, outcomeText } from './outcome-text.ts';
import type { Outcome } from './probe/probe.ts';
import { type Ask, exchangeName, type Question } from './question.ts';

export interface Tally {
  readonly asked: number;
  /** Went as promised. */
  readonly kept: number;
}

interface Failure {
  /** Names of nodes; an address where `to` is none of the bottle's. */
  readonly from: string;
  readonly to: string;
  /** Absent where the two have no address family in common. */
  readonly address?: string;
  /** `tcp/22`, `ping`; absent as `address` is. */
  readonly exchange?: string;
  readonly expected: Ask['expected'];
  readonly outcome?: Outcome;
  /** `bob -> jump (10.3.0.10) tcp/22: refused by jump`. */
  readonly text: string;
}

export interface Verdict {
  readonly expectation: Expectation;
  readonly state: 'held' | 'broken' | 'not-measured';
  /** Why it was not measured. */
  readonly reason?: string;
  /** Nodes that it is about and that are stopped: it was measured without them. */
  readonly stopped: readonly string[];
  readonly pairs: Question['pairs'];
  readonly total: Tally;
  readonly families: Readonly<Record<Family, Tally>>;
  /** The longest that an answer took, in milliseconds; an upper bound (see `Outcome`). */
  readonly slowest?: number;
  readonly failures: readonly Failure[];
}

/** Arriving is as good as answering: many programs that take UDP never say a word. */
const gotThrough = ({ kind }: Outcome): boolean => kind === 'answered' || kind === 'delivered';

/** An exchange that could not be tried proves nothing, so neither promise is kept by it. */
const isKept = ({ expected }: Ask, outcome: Outcome): boolean =>
  outcome.kind !== 'failed' && gotThrough(outcome) === (expected === 'answer');

/** `outcomes` as `measure` gives them: a list for each question, in the order of its asks. */
export function verdictsOf(
  network: Network,
  questions: readonly Question[],
  outcomes: readonly (readonly Outcome[])[],
): readonly Verdict[] {
  const nameOf = namesOf(network);
  return questions.map((question, index) => verdictOf(question, outcomes[index] ?? [], nameOf));
}

function verdictOf(question: Question, outcomes: readonly Outcome[], nameOf: NameOf): Verdict {
  const { expectation, pairs, stopped, unmeasured } = question;
  const results = question.asks.map((ask, index) => ({ ask, outcome: outcomes[index] ?? notSent }));
  const tally = (some: typeof results): Tally => ({
    asked: some.length,
    kept: some.filter(({ ask, outcome }) => isKept(ask, outcome)).length,
  });
  const lost = new Set(
    results.filter(({ ask, outcome }) => ask.probe.full !== true && !isKept(ask, outcome)).map(({ ask }) => pairOf(ask)),
  );
  // What does not work at all is not said again of full packets.
  const isTold = ({ probe }: Ask): boolean => probe.full === true && lost.has(pairOf({ probe }));
  const broken = results
    .filter(({ ask, outcome }) => !isKept(ask, outcome) && !isTold(ask))
    .map(({ ask, outcome }) => failureOf(ask, outcome, nameOf));
  const failures = [...apartFailures(question), ...broken];
  const times = results.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.milliseconds : 0));
  const slowest = times.reduce((longest, time) => Math.max(longest, time), 0);
  return {
    expectation,
    state: unmeasured !== undefined ? 'not-measured' : failures.length > 0 ? 'broken' : 'held',
    ...(unmeasured !== undefined && { reason: unmeasured }),
    stopped,
    pairs,
    total: tally(results),
    families: {
      4: tally(results.filter(({ ask }) => ask.probe.to.family === 4)),
      6: tally(results.filter(({ ask }) => ask.probe.to.family === 6)),
    },
    ...(slowest > 0 && { slowest }),
    failures,
  };
}

const pairOf = ({ probe: { from, source, to, protocol, port } }: Pick<Ask, 'probe'>): string =>
  `${from} ${source?.value ?? ''} ${to.family} ${to.value} ${protocol} ${port ?? ''}`;

const notSent: Outcome = { kind: 'failed', message: 'no outcome' };

function failureOf(ask: Ask, outcome: Outcome, nameOf: NameOf): Failure {
  const { probe, expected } = ask;
  const address = formatAddress(probe.to);
  const to = probe.target ?? address;
  const exchange = exchangeName(probe);
  const where = probe.target === undefined ? to : `${to} (${address})`;
  const text = `${probe.from} -> ${where} ${exchange}: ${outcomeText(ask, outcome, nameOf)}`;
  return { from: probe.from, to, address, exchange, expected, outcome, text };
}

/** Nodes without a common family keep a promise of nothing, and break every other. */
function apartFailures({ apart, expectation }: Question): readonly Failure[] {
  if (expectation.mode === 'nothing') return [];
  return apart.map(({ from, to }) => ({ from, to, expected: 'answer', text: `${from} -> ${to}: no address family in common` }));
}
