/** IPv6 packets with extension headers in front of what they carry (RFC 8200 4, RFC 4302). */
import { bytes, ETHERTYPE, ethernet, ipv6, u16 } from './frame.ts';

/** What an IPv6 packet carries, and the number that stands in the header before it. */
export interface Carried {
  readonly next: number;
  readonly payload: Buffer;
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;

type Extension = (carried: Carried) => Carried;

/** Filled with one PadN option. */
const options =
  (number: number): Extension =>
  ({ next, payload }) => ({ next: number, payload: bytes(next, 0, [1, 4, 0, 0, 0, 0], payload) });

export const hopByHop = options(HOP_BY_HOP);
export const destination = options(DESTINATION);

/** Of an unassigned type, with no segments left: to be skipped. */
const routing: Extension = ({ next, payload }) => ({ next: ROUTING, payload: bytes(next, 0, 99, 0, [0, 0, 0, 0], payload) });

export const authentication: Extension = ({ next, payload }) => ({
  next: AUTHENTICATION,
  payload: bytes(next, 4, [0, 0], [0, 0, 0, 1], [0, 0, 0, 1], Buffer.alloc(12), payload),
});

const fragment = (offset: number, more: boolean, { next, payload }: Carried): Carried => ({
  next: FRAGMENT,
  payload: bytes(next, 0, u16(offset | (more ? 1 : 0)), [0, 0, 0x12, 0x34], payload),
});

/** All of it in one fragment (RFC 6946). */
export const atomic: Extension = (carried) => fragment(0, false, carried);

export interface Envelope {
  readonly to: string;
  readonly from: string;
  readonly sourceMac: string;
  readonly targetMac: string;
}

export const packet = ({ from, to, sourceMac, targetMac }: Envelope, { next, payload }: Carried): Buffer =>
  ethernet(targetMac, sourceMac, ETHERTYPE.ipv6, ipv6(from, to, next, payload));

/** In two fragments, the first with `length` bytes, a multiple of 8. */
export const split = (
  envelope: Envelope,
  { next, payload }: Carried,
  length: number,
  wrap: Extension = (one) => one,
): readonly Buffer[] => [
  packet(envelope, wrap(fragment(0, true, { next, payload: payload.subarray(0, length) }))),
  packet(envelope, wrap(fragment(length, false, { next, payload: payload.subarray(length) }))),
];

/** Bytes behind the end of the packet, where a filter would look for the header that the second fragment brings. */
const padded = ([first, ...rest]: readonly Buffer[], padding: Buffer): readonly Buffer[] =>
  first === undefined ? [] : [bytes(first, padding), ...rest];

const harmless = bytes(128, 0, Buffer.alloc(62));

/** The ways to hide what a packet carries. The first frame of each tells the lie. */
export const hidings: Readonly<Record<string, (envelope: Envelope, carried: Carried) => readonly Buffer[]>> = {
  'behind hop-by-hop options': (envelope, carried) => [packet(envelope, hopByHop(carried))],
  'behind destination options': (envelope, carried) => [packet(envelope, destination(carried))],
  'behind a routing header': (envelope, carried) => [packet(envelope, routing(carried))],
  'behind a fragment header': (envelope, carried) => [packet(envelope, atomic(carried))],
  'behind an authentication header': (envelope, carried) => [packet(envelope, authentication(carried))],
  'behind destination options and an authentication header': (envelope, carried) => [
    packet(envelope, destination(authentication(carried))),
  ],
  'behind hop-by-hop, routing and destination headers': (envelope, carried) => [packet(envelope, hopByHop(routing(destination(carried))))],
  'behind eight destination options headers': (envelope, carried) => [
    packet(
      envelope,
      Array.from({ length: 8 }).reduce<Carried>((inner) => destination(inner), carried),
    ),
  ],
  'behind a fragment header and destination options': (envelope, carried) => [packet(envelope, atomic(destination(carried)))],
  'behind two fragment headers': (envelope, carried) => [packet(envelope, atomic(atomic(carried)))],
  'in two fragments': (envelope, carried) => split(envelope, carried, 8),
  'in two fragments behind hop-by-hop options': (envelope, carried) => split(envelope, carried, 8, hopByHop),
  'in fragments of an atomic fragment': (envelope, carried) => split(envelope, carried, 8, atomic),
  'in fragments, the first ends before its header does': (envelope, carried) => split(envelope, destination(carried), 8),
  'in fragments, the first ends before its header and goes on in the padding': (envelope, carried) =>
    padded(split(envelope, destination(carried), 8), harmless),
  'in fragments of an atomic fragment, going on in the padding': (envelope, carried) =>
    padded(split(envelope, destination(carried), 8, atomic), harmless),
};
