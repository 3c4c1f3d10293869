/** Which of the packets of an exchange one is. */
import type { Journey } from '../../observe/trace/journey.ts';
import type { SeenPacket } from '../../observe/trace/seen-packet.ts';
import type { Tag } from '../../observe/trace/selection.ts';

/** `back`: an answer, a reset, or an error about what was sent; undefined for all that belongs to another exchange. */
export function directionOf({ runs }: Journey, tag: Tag): 'there' | 'back' | undefined {
  const [first] = runs;
  if (first === undefined || first.packet.family !== tag.family) return undefined;
  return tag.protocol === 'icmp' ? echoDirection(first.packet) : portDirection(first.packet, tag);
}

const REQUESTS: ReadonlySet<number> = new Set([8, 128]);

const echoDirection = ({ icmpType }: SeenPacket) => (icmpType === undefined ? undefined : REQUESTS.has(icmpType) ? 'there' : 'back');

function portDirection({ icmpType, sourcePort, destinationPort }: SeenPacket, { number }: Tag) {
  // Which errors are traced the rules decide, by what they quote.
  if (icmpType !== undefined || destinationPort === number) return 'back';
  return sourcePort === number ? 'there' : undefined;
}
