import { cablesOf } from '../../compile/cable.ts';
import type { Impairment } from '../../network/impairment.ts';
import type { Network } from '../../network/network.ts';
import type { MeasureOptions } from '../../observe/measure.ts';
import type { Interim } from '../state.ts';

/** Milliseconds. Whoever holds packets up for longer does not measure promises with them. */
const LONGEST = 60_000;
/** Bits of the largest packet that is sent. */
const PACKET = 1500 * 8;

/** How long packets may be held up on their way, there and back, and whether they may get lost. */
export function patienceFor(network: Network, interim: Interim | undefined): Pick<MeasureOptions, 'delay' | 'lossy'> {
  const present = cablesOf(network).map((cable) => ({ ...cable, impairment: interim?.impaired?.[cable.name] ?? cable.impairment }));
  const impairments = present.flatMap(({ impairment }) => impairment ?? []);
  if (impairments.length === 0) return {};
  const worst = Math.max(...impairments.map(heldUp));
  const forwarding = network.nodes.filter(({ kind }) => kind !== 'machine').length;
  const trunks = present.filter(({ kind, impairment }) => kind === 'trunk' && impairment !== undefined).length;
  // A cable into each network, the trunks of it and one out of it, for the packet and for its answer; and each may first ask for its neighbour.
  // What is carried in an overlay meets those below, too.
  const layers = network.segments.some(({ overlay }) => overlay !== undefined) ? 2 : 1;
  const cables = (2 + trunks) * (forwarding + 1) * layers;
  return { delay: Math.min(LONGEST, worst * cables * 2 * 2), lossy: impairments.some(({ loss }) => loss > 0) };
}

/** Milliseconds for one packet on one cable. */
const heldUp = ({ delay, jitter, rate }: Impairment): number => (delay + jitter) / 1e6 + (rate === 0 ? 0 : (PACKET / rate) * 1e3);
