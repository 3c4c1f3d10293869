/** What sets of packets are asked for, in words: protocols with their ports, types of messages; not by whom, and of whom. */
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { WITH_PORTS } from '../sets/rewriting.ts';
import { intersection, union } from '../sets/stretches.ts';
import { wordsOf } from '../sets/words.ts';
import type { Space } from './space.ts';

const LIMITS = { lines: 4, values: 6 };

/** `ping`, `tcp/22, 80`, `udp/53`; `anything but tcp/22` where that is said in fewer words. */
export function servicesIn(space: Space, packets: Node): readonly string[] {
  const { diagram } = space;
  const own = askedIn(space, packets);
  const families = ([4, 6] as const).filter((family) => diagram.and(packets, space.plain(family)) !== EMPTY);
  const all = families.map((family) => askedIn(space, space.beginning(family)));
  const others = diagram.diff(union(diagram, all), own);
  if (others === EMPTY) return ['anything'];
  const [named, left] = [wordsFor(space, own), wordsFor(space, others)];
  return named.length > left.length ? [`anything but ${left.join(', ')}`] : named;
}

function wordsFor(space: Space, asked: Node): readonly string[] {
  const { diagram, sets } = space;
  const echo = askedIn(space, diagram.or(space.echoRequests(4), space.echoRequests(6)));
  const others = diagram.diff(asked, echo);
  return [...(diagram.and(asked, echo) === EMPTY ? [] : ['ping']), ...(others === EMPTY ? [] : wordsOf(sets, others, LIMITS))];
}

/** Packets by what they are asked for, and nothing else of them. */
function askedIn(space: Space, packets: Node): Node {
  const { diagram, sets } = space;
  const keep = (set: Node, ...slots: readonly string[]): Node => {
    const others = sets.layout.slots.filter(({ name }) => !slots.includes(name)).map(({ name }) => name);
    return diagram.exists(set, sets.bitsOfSlots(...others));
  };
  const portful = diagram.and(packets, sets.among(['meta l4proto'], WITH_PORTS));
  const icmp = sets.among(['meta l4proto'], [['icmp'], ['ipv6-icmp']]);
  // Messages of one family in packets of the other are nobody's.
  const messages = union(diagram, [
    intersection(diagram, [packets, space.plain(4), sets.among(['meta l4proto'], [['icmp']])]),
    intersection(diagram, [packets, space.plain(6), sets.among(['meta l4proto'], [['ipv6-icmp']])]),
  ]);
  const bare = diagram.diff(diagram.diff(packets, portful), icmp);
  return union(diagram, [keep(portful, 'l4proto', 'dport'), keep(messages, 'l4proto', 'sport'), keep(bare, 'l4proto')]);
}
