/** Single packets of sets, as they are sent. */
import type { Family } from '../../address/ip.ts';
import type { Opening } from '../path/follow.ts';
import type { Node } from '../sets/diagram.ts';
import { examplesOf, type Point } from '../sets/example.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Space } from './space.ts';

/** A packet that somebody sends, with the source that it has. */
export type Sent = Required<Pick<Opening, 'source'>> & Opening;

const PORTFUL: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const ICMP: ReadonlySet<number> = new Set([1, 58]);

/** A packet of the set, as ordinary as there is one; undefined for an empty set. */
export function exampleOf(space: Space, family: Family, packets: Node): Sent | undefined {
  const [point] = examplesOf(space.sets, ordinary(space, packets), 1);
  return point && packetAt(space, family, point);
}

/** Those with a port that whoever asks would have, where there are any; of those, TCP first. */
function ordinary(space: Space, packets: Node): Node {
  const { diagram, sets } = space;
  const wishes = [
    sets.inSlot('sport', 40_000n, 40_000n),
    sets.inSlot('sport', 32_768n, 60_999n),
    sets.among(['meta l4proto'], [['tcp']]),
    sets.among(['meta l4proto'], [['udp']]),
    // No program listens at port 0.
    sets.inSlot('dport', 1n, 65_535n),
  ];
  return wishes.reduce((set, wish) => {
    const some = diagram.and(set, wish);
    return some === EMPTY ? set : some;
  }, packets);
}

function packetAt(space: Space, family: Family, point: Point): Sent {
  const number = (slot: string): bigint => point.get(slot) ?? 0n;
  const address = (slot: string) => space.addressIn(family, number(slot));
  const protocol = Number(number('l4proto'));
  return {
    family,
    protocol,
    source: address('source'),
    destination: address('destination'),
    ...(PORTFUL.has(protocol) && { sourcePort: Number(number('sport')), destinationPort: Number(number('dport')) }),
    ...(ICMP.has(protocol) && { icmpType: Number(number('sport') >> 8n) }),
  };
}
