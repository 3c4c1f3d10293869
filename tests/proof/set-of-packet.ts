/** Sets of single packets. */
import type { Address } from '../../src/address/ip.ts';
import type { Sent } from '../../src/proof/reach/sent-packet.ts';
import type { End, Space } from '../../src/proof/reach/space.ts';
import type { Node } from '../../src/proof/sets/diagram.ts';
import { intersection } from '../../src/proof/sets/stretches.ts';

/** All that are this packet as far as rules can tell. */
export function setOf(space: Space, { family, protocol, source, destination, sourcePort, destinationPort, icmpType }: Sent): Node {
  const { sets } = space;
  const port = (slot: string, number: number | undefined): readonly Node[] =>
    number === undefined ? [] : [sets.inSlot(slot, BigInt(number), BigInt(number))];
  return intersection(space.diagram, [
    space.plain(family),
    around(space, 'source', source),
    around(space, 'destination', destination),
    sets.inSlot('l4proto', BigInt(protocol), BigInt(protocol)),
    ...port('sport', sourcePort),
    ...port('dport', destinationPort),
    ...(icmpType === undefined ? [] : [space.typed(icmpType)]),
  ]);
}

/** What nobody tells apart from the address, itself included. */
function around(space: Space, end: End, { family, value }: Address): Node {
  return space.ranges(end, family, [space.sets.layout.addresses?.of[family].around(value) ?? { from: value, to: value }]);
}
