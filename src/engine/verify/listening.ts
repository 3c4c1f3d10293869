/**
 * Ports of programs that have just been started.
 *
 * Where nobody listens, the probe does for a moment. A program that comes to its port in that moment finds it taken, and may
 * well end: so it has some time to get there first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isBound } from '../../backend/process/port-owner.ts';
import type { Probe } from '../../observe/probe/probe.ts';
import type { Question } from '../../observe/question.ts';

/** Milliseconds. A program that listens nowhere cannot be told from a slow one. */
const LIMIT = 1500;
const INTERVAL = 25;

interface Waiting {
  readonly namespacePath: (node: string) => string;
  readonly signal: AbortSignal;
}

/** Waits until programs listen wherever the questions ask the machines that they have been started on. */
export async function untilListening(
  questions: readonly Question[],
  started: ReadonlySet<string>,
  { namespacePath, signal }: Waiting,
): Promise<void> {
  const spots = new Map<string, { readonly node: string; readonly protocol: 'tcp' | 'udp'; readonly port: number }>();
  for (const { probe } of questions.flatMap(({ asks }) => asks)) {
    const [node, port] = [probe.target, portOf(probe)];
    if (node === undefined || port === undefined || probe.protocol === 'icmp' || !started.has(node)) continue;
    spots.set(`${node} ${probe.protocol} ${port}`, { node, protocol: probe.protocol, port });
  }
  const deadline = performance.now() + LIMIT;
  for (const { node, protocol, port } of spots.values())
    while (!isBound(namespacePath(node), protocol, port) && performance.now() < deadline) await sleep(INTERVAL, undefined, { signal });
}

const portOf = ({ landing, port }: Probe): number | undefined => landing?.port ?? port;
