import { localMac } from '../../address/mac.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Devices } from '../devices.ts';
import { hash } from '../hash.ts';
import type { Leg } from '../legs.ts';
import type { NodeDraft } from '../nodes.ts';
import { largestMtu, type SegmentDraft } from '../segments.ts';
import type { Wire } from './cables.ts';
import { type Switching, switchAt } from './switches.ts';

/** The cables of nodes that carry several networks, by the names of the nodes. */
export function readWires(
  bottle: string,
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  switching: Switching,
  devices: Devices,
  macs: ReadonlyMap<Leg, string>,
): ReadonlyMap<string, readonly Wire[]> {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const wireOf = ({ name, legs }: NodeDraft, where: string, tagged: readonly Leg[]): Wire => {
    const untagged = legs.find((leg) => leg.tagged !== true && switchAt(leg, switching) === where);
    const all = [...(untagged === undefined ? [] : [untagged]), ...tagged];
    const drafts = all.flatMap(({ segment }) => byName.get(segment) ?? []);
    const { high, low } = hash(`${bottle} ${name} ${where} wire`);
    return {
      switch: where,
      device: (untagged === undefined ? devices.ofWire.get(`${name} ${where}`) : devices.ofLeg.get(untagged)) ?? '',
      mac: (untagged && macs.get(untagged)) ?? localMac(high, low),
      ...(untagged !== undefined && { untagged: untagged.segment }),
      tagged: tagged.map(({ segment }) => segment),
      mtu: largestMtu(drafts),
      checksumOffload: drafts.every(({ checksumOffload }) => checksumOffload),
      origin: (untagged ?? tagged[0])?.origin ?? [],
    };
  };
  return new Map(
    nodes.map((node) => {
      const tagged = groupBy(
        node.legs.filter((leg) => leg.tagged === true),
        (leg) => switchAt(leg, switching) ?? '',
      );
      return [node.name, [...tagged].map(([where, legs]) => wireOf(node, where, legs))];
    }),
  );
}
