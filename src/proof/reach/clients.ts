import type { Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import type { Space } from './space.ts';

/** TCP and UDP from the ports that clients have (RFC 6056): guards refuse some of the others, such as those of DHCP servers. */
export function fromClients(space: Space, family: Family): Node {
  const { diagram, sets } = space;
  const talking = sets.among(['meta l4proto'], [['tcp'], ['udp']]);
  return diagram.or(diagram.diff(space.plain(family), talking), sets.inSlot('sport', 1024n, 65_535n));
}

/** Those from clients, and the others that are not the same as these but for their source port. */
export function byClients(space: Space, family: Family, packets: Node): { readonly clients: Node; readonly others: Node } {
  const { diagram, sets } = space;
  const clients = diagram.and(packets, fromClients(space, family));
  return { clients, others: diagram.diff(packets, diagram.exists(clients, sets.bitsOfSlots('sport'))) };
}
