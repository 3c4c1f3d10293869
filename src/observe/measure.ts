import { packetsLost } from './backlog.ts';
import { doubted, mayBeLoss, neighbourOverflows } from './neighbours.ts';
import type { Outcome, Probe } from './probe/probe.ts';
import { type ProbeOptions, probeAll } from './probe/probe-all.ts';
import type { Question } from './question.ts';

export interface MeasureOptions extends Omit<ProbeOptions, 'timeout'> {
  /**
   * Milliseconds to wait for an answer that is promised; 3,300 unless given. A lost SYN is sent again after one and
   * after three seconds, and a neighbour that does not answer is known after three.
   */
  readonly answerTimeout?: number;
  /** Milliseconds of silence that prove there is no answer; 1,300 unless given, in which a lost packet goes a second time. */
  readonly silenceTimeout?: number;
  /** Milliseconds to wait in addition to either, for packets that are held up on their way. */
  readonly delay?: number;
  /** Whether packets may get lost on their way: then what was not answered is sent again in any case. */
  readonly lossy?: boolean;
}

const keyOf = ({ from, source, to, protocol, port, full }: Probe): string =>
  `${from} ${source?.value ?? ''} ${to.family} ${to.value} ${protocol} ${port ?? ''} ${full ?? ''}`;

/**
 * Sends what the questions ask, each packet exchange once however many questions share it.
 *
 * Gives, for each question, the outcomes of its `asks` in their order. What was not answered while the host lost packets
 * is sent again, up to twice, and so it is where they get lost on their way. Where the host's table of neighbours overflowed meanwhile, what was not answered is
 * `failed`, not silent. Errors are those of `probeAll`.
 */
export async function measure(questions: readonly Question[], options: MeasureOptions): Promise<readonly (readonly Outcome[])[]> {
  const { answerTimeout = 3300, silenceTimeout = 1300, delay = 0, lossy = false, ...rest } = options;
  const distinct = new Map<string, Probe>();
  for (const { asks } of questions)
    for (const { probe, expected } of asks) {
      const key = keyOf(probe);
      const timeout = Math.max(delay + (expected === 'answer' ? answerTimeout : silenceTimeout), distinct.get(key)?.timeout ?? 0);
      distinct.set(key, { ...probe, timeout });
    }
  const overflows = neighbourOverflows();
  const sent = await probeUntilSure([...distinct.values()], { ...rest, timeout: answerTimeout + delay }, lossy);
  const outcomes = neighbourOverflows() === overflows ? sent : sent.map(doubted);
  const byKey = new Map([...distinct.keys()].map((key, index) => [key, outcomes[index]]));
  return questions.map(({ asks }) => asks.map(({ probe }) => byKey.get(keyOf(probe)) ?? { kind: 'failed', message: 'not sent' }));
}

/** A busy host may lose some every time. */
const ROUNDS = 3;

/** Silence proves nothing while the host itself loses packets: then the silent ones are sent again. */
async function probeUntilSure(probes: readonly Probe[], options: ProbeOptions, lossy: boolean): Promise<readonly Outcome[]> {
  const outcomes = new Map<Probe, Outcome>();
  let open = probes;
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    const lost = packetsLost();
    const sent = await probeAll(open, options);
    const silent: Probe[] = [];
    for (const [index, probe] of open.entries()) {
      const outcome = sent[index] ?? { kind: 'timed-out' };
      outcomes.set(probe, outcome);
      if (mayBeLoss(outcome)) silent.push(probe);
    }
    if (!lossy && packetsLost() === lost) break;
    open = silent;
  }
  return probes.map((probe) => outcomes.get(probe) ?? { kind: 'timed-out' });
}
