import { descriptorsLeft } from './descriptors.ts';
import { payloads } from './packet.ts';
import type { Outcome, Probe } from './probe.ts';
import { runWave } from './wave.ts';
import { waves } from './waves.ts';

export interface ProbeOptions {
  /** The file that a node's network namespace is bind-mounted on. */
  readonly namespacePath: (node: string) => string;
  /** Milliseconds to wait for an answer; a probe may have its own. */
  readonly timeout: number;
  /** Descriptors to use at once; 16,000 unless given, and never more than the process may open. */
  readonly descriptors?: number;
  /** Ends the run early, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Left to the rest of the process. */
const reserve = 64;

/**
 * Sends every probe and says what became of each, in the order of `probes`.
 *
 * Thousands are under way at once on the calling thread, which enters the namespaces of their sources in synchronous
 * stretches and leaves the event loop its turns in between. Where `target` is given and nothing listens on the probed
 * port there, the probe listens for as long as it lasts. All sockets are closed when the promise settles.
 *
 * Needs CAP_SYS_ADMIN to enter the namespaces, and CAP_NET_RAW and CAP_NET_BIND_SERVICE in them. While it runs the
 * process may have more than 1,024 descriptors open, which libnftables does not survive: do not call it meanwhile.
 *
 * @throws Error when the process may open fewer than 32 more files; the signal's reason when it is aborted.
 */
export async function probeAll(probes: readonly Probe[], options: ProbeOptions): Promise<readonly Outcome[]> {
  const budget = Math.min(options.descriptors ?? 16000, descriptorsLeft() - reserve);
  if (budget < 32) throw new Error('too few open files are allowed to send probes: raise the limit (ulimit -n)');
  const payloadOf = payloads();
  const numbered = probes.map((probe, number) => ({ number, probe, payload: payloadOf(probe, number) }));
  const outcomes: Outcome[] = probes.map(() => ({ kind: 'timed-out' }));
  for (const wave of waves(numbered, budget)) {
    const results = await runWave(wave, options);
    for (const [index, { number }] of wave.entries()) outcomes[number] = results[index] ?? { kind: 'timed-out' };
  }
  return outcomes;
}
