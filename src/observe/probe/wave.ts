/** As many probes as there are descriptors for, all under way at once on this one thread. */
import { setImmediate } from 'node:timers/promises';
import { within } from '../../backend/kernel/namespace.ts';
import { type Attempt, silentOutcome } from './attempt.ts';
import { createDescriptors } from './descriptors.ts';
import { openListeners } from './listeners.ts';
import { createPoller } from './poller.ts';
import { bySource, type Outcome, type Probe } from './probe.ts';
import { createStation, type Station } from './station.ts';

export interface Numbered {
  readonly number: number;
  readonly probe: Probe;
  readonly payload: Uint8Array;
}

export interface WaveOptions {
  readonly namespacePath: (node: string) => string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** Datagrams may be lost in a burst; they go again after these parts of the timeout. TCP does that by itself after a second. */
const resendAfter = [0.2, 0.5, 0.8];

/** How many are sent between two looks at what has come back, so that no queue of the kernel's overflows. */
const burst = 128;

/** Milliseconds for a program that got a datagram to answer it. */
const answerTime = 300;

/** Milliseconds that the thread sleeps in poll(2) at most before the event loop has its turn. */
const slice = 10;

/** Longer than any token; what a packet is filled with says nothing. */
const TOLD_APART = 16;

const textOf = (payload: Uint8Array): string => Buffer.from(payload.subarray(0, TOLD_APART)).toString('latin1');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Outcomes in the order of `wave`. */
export async function runWave(wave: readonly Numbered[], options: WaveOptions): Promise<readonly Outcome[]> {
  const descriptors = createDescriptors();
  const poller = createPoller();
  const pending = new Set<Attempt>();
  const awaited = new Map<string, Attempt>();

  const settle = (attempt: Attempt, outcome: Outcome): void => {
    if (attempt.outcome !== undefined) return;
    attempt.outcome = outcome;
    pending.delete(attempt);
    if (attempt.descriptor === undefined) return;
    poller.forget(attempt.descriptor);
    descriptors.close(attempt.descriptor);
  };
  const delivered = (payload: Uint8Array): void => {
    const attempt = awaited.get(textOf(payload));
    if (attempt === undefined || attempt.delivered !== undefined) return;
    attempt.delivered = performance.now();
    attempt.deadline = Math.min(attempt.deadline, attempt.delivered + answerTime);
  };

  const stations = new Map<string, Station>();
  const stationOf = (node: string): Station => {
    const station = stations.get(node) ?? createStation({ poller, descriptors, settle });
    stations.set(node, station);
    return station;
  };
  const launchAll = (node: string, attempts: readonly Attempt[]): void => {
    try {
      within(options.namespacePath(node), () => {
        for (const attempt of attempts) {
          pending.add(attempt);
          try {
            stationOf(node).launch(attempt);
          } catch (error) {
            settle(attempt, { kind: 'failed', message: messageOf(error) });
          }
        }
      });
    } catch (error) {
      for (const attempt of attempts) settle(attempt, { kind: 'failed', message: `${node}: ${messageOf(error)}` });
    }
  };
  const tick = (): void => {
    const now = performance.now();
    for (const attempt of pending) {
      attempt.look?.();
      if (attempt.outcome !== undefined) continue;
      if (now >= attempt.deadline) settle(attempt, silentOutcome(attempt));
      else if (now >= attempt.started + attempt.timeout * (resendAfter[attempt.sent - 1] ?? Number.POSITIVE_INFINITY)) attempt.send?.();
    }
  };

  try {
    const probes = wave.map(({ probe }) => probe);
    const listeners = openListeners(probes, { poller, descriptors, namespacePath: options.namespacePath, delivered });
    const attempts = wave.map(({ number, probe, payload }): Attempt => {
      const responder = listeners.responder(probe);
      return { number, probe, payload, responder, timeout: probe.timeout ?? options.timeout, started: 0, deadline: 0, sent: 0 };
    });
    for (const attempt of attempts) {
      if (attempt.responder.kind === 'failed') settle(attempt, { kind: 'failed', message: attempt.responder.message });
      if (attempt.responder.kind === 'theirs' && attempt.probe.protocol === 'udp') awaited.set(textOf(attempt.payload), attempt);
    }
    let launched = 0;
    for (const [node, group] of bySource(attempts.filter(({ outcome }) => outcome === undefined))) {
      for (let start = 0; start < group.length; start += burst) {
        options.signal?.throwIfAborted();
        const stretch = group.slice(start, start + burst);
        launchAll(node, stretch);
        launched += stretch.length;
        if (launched < burst) continue;
        launched = 0;
        poller.wait(0);
        await setImmediate();
      }
    }
    while (pending.size > 0) {
      options.signal?.throwIfAborted();
      poller.wait(slice);
      tick();
      await setImmediate();
    }
    return attempts.map(({ outcome }) => outcome ?? { kind: 'timed-out' });
  } finally {
    descriptors.closeAll();
  }
}
