/** What a watch has to look at. */
import type { Told } from '../../backend/kernel/monitor.ts';
import type { Backend } from '../../plan/backend.ts';
import { join, type Part, partOf, partWith } from '../../plan/part.ts';
import type { Change } from '../../plan/plan.ts';

export const EVERYTHING = 'everything';

export type Due = Part | typeof EVERYTHING;

export function joined(dues: readonly Due[]): Due {
  const parts = dues.filter((due) => due !== EVERYTHING);
  return parts.length < dues.length ? EVERYTHING : join(parts);
}

export const isNothing = (due: Due): boolean => due !== EVERYTHING && [...due.values()].every(({ size }) => size === 0);

/** Devices are ports of switches, and switches make devices. */
export const dueAfter = ({ unsure, wires, tables }: Told): Due =>
  unsure ? EVERYTHING : join([partOf('kernel', wires), partOf('ovs', wires), partOf('nftables', tables)]);

/** Where to see what became of these changes. */
export const dueFor = (changes: readonly Change[], backends: readonly Backend[]): Due =>
  partWith(
    changes.flatMap(({ before, after }) => after ?? before ?? []),
    backends,
  ) ?? EVERYTHING;
