import { deviceName } from './device-name.ts';
import type { Leg } from './legs.ts';
import type { NodeDraft } from './nodes.ts';
import type { SegmentDraft } from './segments.ts';

/** Names of the network devices. */
export interface Devices {
  readonly ofLeg: ReadonlyMap<Leg, string>;
  /** The host's end for a segment that has one. */
  readonly ofHost: ReadonlyMap<string, string>;
}

/** A node's device is called like the network it is in, the host's like bottle and network. */
export function nameDevices(bottle: string, segments: readonly SegmentDraft[], nodes: readonly NodeDraft[]): Devices {
  const ofLeg = new Map<Leg, string>();
  for (const node of nodes) {
    const taken = new Set<string>();
    // Names that fit come first: a cut name gives way to them, whatever the order of the file.
    for (const leg of node.legs.toSorted((a, b) => a.segment.length - b.segment.length || (a.segment < b.segment ? -1 : 1))) {
      ofLeg.set(leg, deviceName(leg.segment, taken));
    }
    if (node.kind === 'bridge' && node.own !== undefined) ofLeg.set(node.own, deviceName('bridge', taken));
  }
  const ofHost = new Map<string, string>();
  const taken = new Set<string>();
  const needing = segments.filter(({ mode: { kind } }) => kind !== 'internal' && kind !== 'macvlan');
  for (const { name } of needing.toSorted((a, b) => (a.name < b.name ? -1 : 1))) ofHost.set(name, deviceName(`${bottle}-${name}`, taken));
  return { ofLeg, ofHost };
}
