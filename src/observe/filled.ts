/**
 * Packets as large as there are, where some may be lost for it: networks carried by others, of different MTUs, or with tags on their frames.
 * Elsewhere all cables take what every machine sends.
 */
import type { Network } from '../network/network.ts';
import type { Ask } from './question.ts';

export function mayLoseLarge({ segments, trunks, nodes }: Network): boolean {
  return (
    segments.some(({ overlay, mtu }) => overlay !== undefined || mtu !== segments[0]?.mtu) ||
    trunks.length > 0 ||
    nodes.some(({ wires }) => wires.length > 0)
  );
}

/** For each pair and protocol that a promise is about, the first exchange once more. Programs that are not ours get no such packets. */
export function filled({ nodes }: Network, asks: readonly Ask[]): readonly Ask[] {
  const running = new Set(nodes.filter(({ processes }) => processes.length > 0).map(({ name }) => name));
  const first = new Map<string, Ask>();
  for (const ask of asks) {
    const { from, source, to, target, protocol } = ask.probe;
    if (ask.expected !== 'answer' || target === undefined || (protocol !== 'icmp' && running.has(target))) continue;
    const key = `${from} ${source?.value ?? ''} ${to.family} ${to.value} ${protocol}`;
    if (!first.has(key)) first.set(key, ask);
  }
  return [...first.values()].map(({ probe, expected }) => ({ probe: { ...probe, full: true }, expected }));
}
