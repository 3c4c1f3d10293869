/** What sets of packets are asked for, in words: protocols with their ports, types of messages; not by whom, and of whom. */
import type { Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { WITH_PORTS } from '../sets/rewriting.ts';
import { intersection, union } from '../sets/stretches.ts';
import { wordsOf } from '../sets/words.ts';
import type { Space } from './space.ts';

const LIMITS = { lines: 4, values: 6 };

/** `ping`, `tcp/22, 80`, `udp/53`; `anything but tcp/22` where that is said in fewer words. */
export function servicesIn(space: Space, packets: Node): readonly string[] {
  const families = ([4, 6] as const).map((family) => ({ family, packets: space.diagram.and(packets, space.plain(family)) }));
  return wordsForAsked(
    space,
    families.filter((own) => own.packets !== EMPTY).map((own) => ({ family: own.family, asked: askedIn(space, own.packets) })),
  );
}

/** The same of what `askedIn` has found, in those families in which there is anything. */
export function wordsForAsked(space: Space, found: readonly { readonly family: Family; readonly asked: Node }[]): readonly string[] {
  const { diagram } = space;
  const asked = union(
    diagram,
    found.map((own) => own.asked),
  );
  const all = union(
    diagram,
    found.map(({ family }) => askedIn(space, space.beginning(family))),
  );
  const others = diagram.diff(all, asked);
  if (others === EMPTY) return ['anything'];
  const [named, left] = [wordsFor(space, asked), wordsFor(space, others)];
  const but = `anything but ${left.join(', ')}`;
  if (isWhole(named) !== isWhole(left)) return isWhole(named) ? named : [but];
  return but.length < named.join(', ').length ? [but] : named;
}

/** Whether all of it is said. */
const isWhole = (words: readonly string[]): boolean => !words.some((line) => line.endsWith(' more'));

function wordsFor(space: Space, asked: Node): readonly string[] {
  const { diagram, sets } = space;
  const echo = askedIn(space, diagram.or(space.echoRequests(4), space.echoRequests(6)));
  const others = diagram.diff(asked, echo);
  return [...(diagram.and(asked, echo) === EMPTY ? [] : ['ping']), ...(others === EMPTY ? [] : wordsOf(sets, others, LIMITS))];
}

/** Packets by what they are asked for, and nothing else of them. @param besides slots that are kept as well */
export function askedIn(space: Space, packets: Node, ...besides: readonly string[]): Node {
  const { diagram, sets } = space;
  const keep = (set: Node, ...slots: readonly string[]): Node => {
    const kept = [...slots, ...besides];
    const others = sets.layout.slots.filter(({ name }) => !kept.includes(name)).map(({ name }) => name);
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
