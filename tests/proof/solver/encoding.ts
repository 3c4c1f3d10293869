/** Which point of the packet sets a packet is, and which packets are in a set. */
import type { Diagram, Node } from '../../../src/proof/sets/diagram.ts';
import type { Layout, Slot } from '../../../src/proof/sets/layout.ts';
import { segmentOf } from '../../../src/proof/sets/layout.ts';
import { EMPTY, FULL } from '../../../src/proof/sets/node-table.ts';
import { nameCode } from './conditions.ts';
import type { AnyPacket } from './packet.ts';
import { type Bits, cut, is, number, type Truth, type Z3 } from './z3.ts';

/** A diagram as a formula about one packet. */
export interface Membership {
  /** What the variables of the diagram are. */
  readonly definitions: readonly Truth[];
  readonly member: (set: Node) => Truth;
}

export function membershipIn(z3: Z3, diagram: Diagram, layout: Layout, packet: AnyPacket): Membership {
  const variables: Truth[] = [];
  const definitions: Truth[] = [];
  const one = number(z3, 1, 1);
  for (const slot of layout.slots) {
    const bits = z3.BitVec.const(`slot ${slot.name}`, slot.bits);
    definitions.push(bits.eq(valueIn(z3, slot, packet)));
    for (let bit = 0; bit < slot.bits; bit++) variables[slot.first + bit] = cut(z3, bits, bit, 1).eq(one);
  }
  const member = (set: Node): Truth => {
    const known = new Map<Node, Truth>([
      [EMPTY, z3.Bool.val(false)],
      [FULL, z3.Bool.val(true)],
    ]);
    const of = (node: Node): Truth => {
      const found = known.get(node);
      if (found !== undefined) return found;
      const variable = variables[diagram.level(node)];
      if (variable === undefined) throw new Error(`the diagram has a variable ${diagram.level(node)} that is no bit of anything`);
      const truth = z3.If(variable, of(diagram.high(node)), of(diagram.low(node))) as Truth;
      known.set(node, truth);
      return truth;
    };
    return of(set);
  };
  return { definitions, member };
}

/** What a packet does not have may be anything, here as in the packet: sets must not look at it. */
function valueIn(z3: Z3, { name, bits, codes = [] }: Slot, packet: AnyPacket): Bits {
  const { six, found, transported, long, state } = packet;
  const choice = (when: Truth, then: Bits, otherwise: Bits): Bits => z3.If(when, then, otherwise) as Bits;
  const listed = (of: (place: number, code: string) => Truth, otherwise: number): Bits =>
    codes.reduceRight((rest, code, place) => choice(of(place, code), number(z3, place, bits), rest), number(z3, otherwise, bits));
  const address = (four: number, sixth: number): Bits => {
    const long = cut(z3, packet.ipv6, sixth, 128);
    return choice(six, long, z3.Concat(cut(z3, packet.ipv4, four, 32), cut(z3, long, 32, 96)));
  };
  const segment = segmentOf(name);
  if (segment !== undefined) {
    const headers = { ll: packet.ethernet, ip: packet.ipv4, ip6: packet.ipv6, th: packet.transport };
    if (segment.header !== 'arp' && segment.header !== 'other') return cut(z3, headers[segment.header], segment.offset, bits);
  }
  switch (name) {
    case 'state':
      return listed((_, code) => is(z3, state, STATES[code] ?? 0), 0);
    case 'iifname':
    case 'oifname': {
      const device = name === 'iifname' ? packet.input : packet.output;
      return listed((place, code) => (place === 1 ? z3.Bool.val(false) : is(z3, device, place === 0 ? 0n : nameCode(code))), 1);
    }
    case 'protocol':
      return choice(six, number(z3, codes.indexOf('ip6'), bits), number(z3, codes.indexOf('ip'), bits));
    case 'l4proto':
      return packet.protocol;
    case 'reach':
      // From the longest on: nothing, then the ports, then a TCP header.
      return codes.reduce(
        (rest, code, place) => choice(place === 1 ? found : Number(code) > 32 ? long : transported, number(z3, place, bits), rest),
        number(z3, 0, bits),
      );
    case 'source':
      return address(96, 64);
    case 'destination':
      return address(128, 192);
    case 'sport':
      return cut(z3, packet.transport, 0, 16);
    case 'dport':
      return cut(z3, packet.transport, 16, 16);
    case 'meta mark':
      return packet.mark;
    case 'ct mark':
      return packet.connectionMark;
    case 'ct status':
      return packet.status;
    case 'ct direction':
      return packet.direction;
    case 'fib daddr type':
      return packet.addressType;
    default:
      throw new Error(`what ${name} is of a packet is not written here`);
  }
}

/** nf_conntrack_common.h */
const STATES: { readonly [state: string]: number } = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 };
