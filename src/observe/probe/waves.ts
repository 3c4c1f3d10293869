import { overhearingOf, spotOf } from './listeners.ts';
import { bySource } from './probe.ts';
import type { Numbered } from './wave.ts';

/** Cuts the probes into waves that need no more descriptors than `budget`. Probes from one node stay together. */
export function waves(probes: readonly Numbered[], budget: number): readonly (readonly Numbered[])[] {
  const result: Numbered[][] = [];
  let wave: Numbered[] = [];
  let cost = 0;
  let seen = new Set<string>();
  const ordered = [...bySource(probes).values()].flat();
  for (const numbered of ordered) {
    const { probe } = numbered;
    const own = [`ear ${probe.from} ${probe.to.family}`, `mouth ${probe.from} ${probe.source?.value} ${probe.to.family}`];
    if (probe.target !== undefined && probe.protocol !== 'icmp') own.push(spotOf(probe));
    if (probe.target !== undefined && probe.protocol === 'udp') own.push(`overhear ${overhearingOf(probe)}`);
    const fresh = own.filter((item) => !seen.has(item));
    const more = fresh.length + (probe.protocol === 'icmp' ? 0 : probe.full === true ? 2 : 1);
    if (wave.length > 0 && cost + more > budget) {
      result.push(wave);
      wave = [];
      cost = own.length + 1;
      seen = new Set(own);
    } else {
      cost += more;
      for (const item of fresh) seen.add(item);
    }
    wave.push(numbered);
  }
  return wave.length > 0 ? [...result, wave] : result;
}
