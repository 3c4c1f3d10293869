/** Who takes packets that are on a wire. */
import type { Family } from '../../address/ip.ts';
import type { Station } from '../path/model.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import type { Hop } from './hop.ts';
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
    const landed = diagram.and(rest, own);
    rest = diagram.diff(rest, own);
    if (landed === EMPTY) continue;
    const hop: Hop = {
      station: arrival.station,
      members,
      inDevice: arrival.device,
      before: [{ hop: before, packets: landed }],
      arrived: landed,
      rewritten: [],
      isTranslated: before.isTranslated,
    };
    // A machine's own packets come back to it only where somebody translates them.
    const strange = family === 4 && before.isTranslated ? ownSources(space, members, landed) : EMPTY;
    if (strange !== EMPTY) leaves.push({ fate: 'martian-source', hop, packets: strange });
    const packets = diagram.diff(landed, strange);
    if (packets !== EMPTY) leaves.push({ fate: 'delivered', hop, packets });
  }
  return rest === EMPTY ? leaves : [...leaves, { fate: 'nobody-there', hop: before, packets: rest }];
}

/** Those that come from whom they are for (fib_validate_source). */
function ownSources(space: Space, members: readonly Station[], packets: Node): Node {
  const { diagram } = space;
  const parts = members.map(({ addresses }) => {
    const own = addresses.map(({ address }) => address);
    const from = diagram.and(packets, space.addresses('source', 4, own));
    return from === EMPTY ? EMPTY : diagram.and(from, space.addresses('destination', 4, own));
  });
  return union(diagram, parts);
}

/** Packets to those of the addresses, which are in order, that any of the packets can be to. */
export function ownedBy(space: Space, values: readonly bigint[], family: Family, packets: Node): Node {
  const extent = space.extentOf(packets, 'destination', family);
  if (extent === undefined) return EMPTY;
  const near = values.filter((value) => extent.from <= value && value <= extent.to);
  return space.ranges(
    'destination',
    family,
    near.map((value) => ({ from: value, to: value })),
  );
}
