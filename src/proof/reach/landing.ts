/** Who takes packets that are on a wire. */
import type { Family } from '../../address/ip.ts';
import { extentOf } from '../sets/context.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Ground } from './ground.ts';
import type { Leaf } from './leaf.ts';
import type { Space } from './space.ts';

/** A leaf that is `on-wire`, by who has the address there; plain machines take what is sent to them. */
export function landings(ground: Ground, leaf: Leaf, family: Family): readonly Leaf[] {
  const { space } = ground;
  const { diagram } = space;
  const { hop: before, device = '' } = leaf;
  const leaves: Leaf[] = [];
  let rest = leaf.packets;
  for (const { arrival, members, values } of ground.wire(before.station, device).plain) {
    if (rest === EMPTY) break;
    // A machine does not hear what it sends itself; others of its class do.
    if (arrival.station === before.station && before.members.length === 1) continue;
    const own = ownedBy(space, values[family], family, rest);
    const packets = diagram.and(rest, own);
    rest = diagram.diff(rest, own);
    if (packets === EMPTY) continue;
    const hop = { station: arrival.station, members, inDevice: arrival.device, before, arrived: packets, rewritten: [] };
    leaves.push({ fate: 'delivered', hop, packets });
  }
  return rest === EMPTY ? leaves : [...leaves, { fate: 'nobody-there', hop: before, packets: rest }];
}

/** Packets to those of the addresses, which are in order, that any of the packets can be to. */
export function ownedBy(space: Space, values: readonly bigint[], family: Family, packets: Node): Node {
  const extent = extentOf(space.diagram, packets, space.bitsOf('destination', family));
  if (extent === undefined) return EMPTY;
  const near = values.filter((value) => extent.from <= value && value <= extent.to);
  return space.ranges(
    'destination',
    family,
    near.map((value) => ({ from: value, to: value })),
  );
}
