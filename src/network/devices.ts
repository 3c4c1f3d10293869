import { deviceName } from './device-name.ts';
import type { Leg } from './legs.ts';
import type { NodeDraft } from './nodes.ts';
import type { SegmentDraft } from './segments.ts';
import { type Switching, switchAt } from './switching/switches.ts';

/** Names of the network devices. */
export interface Devices {
  readonly ofLeg: ReadonlyMap<Leg, string>;
  /** Of cables that only carry tagged frames, by node and switch: `web wire`. */
  readonly ofWire: ReadonlyMap<string, string>;
  /** The host's end for a segment that has one. */
  readonly ofHost: ReadonlyMap<string, string>;
}

/** A node's device is called like the network it is in, the host's like bottle and network. */
export function nameDevices(bottle: string, segments: readonly SegmentDraft[], nodes: readonly NodeDraft[], switching: Switching): Devices {
  const ofLeg = new Map<Leg, string>();
  const ofWire = new Map<string, string>();
  for (const node of nodes) {
    const taken = new Set<string>();
    // Names that fit come first: a cut name gives way to them, whatever the order of the file.
    for (const leg of node.legs.toSorted((a, b) => a.segment.length - b.segment.length || (a.segment < b.segment ? -1 : 1))) {
      ofLeg.set(leg, deviceName(leg.segment, taken));
    }
    for (const where of new Set(node.legs.filter(({ tagged }) => tagged).map((leg) => switchAt(leg, switching) ?? '')))
      ofWire.set(`${node.name} ${where}`, deviceName(where, taken));
    if (node.kind === 'bridge' && node.own !== undefined) ofLeg.set(node.own, deviceName('bridge', taken));
  }
  const ofHost = new Map<string, string>();
  const taken = new Set<string>();
  const needing = segments.filter(({ mode: { kind } }) => kind !== 'internal' && kind !== 'macvlan');
  for (const { name } of needing.toSorted((a, b) => (a.name < b.name ? -1 : 1))) ofHost.set(name, deviceName(`${bottle}-${name}`, taken));
  return { ofLeg, ofWire, ofHost };
}
