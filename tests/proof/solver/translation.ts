/** What NAT makes of any packet, as nf_nat_core.c does it. */
import type { Nat } from '../../../src/resource/ruleset/statement.ts';
import { extent } from './conditions.ts';
import { type AnyPacket, addressOf, type End, hasPorts, portOf, withAddress, withPort } from './packet.ts';
import { any, type Bits, between, every, is, number, type Truth, type Z3 } from './z3.ts';

/** Where no port is asked for, one of the same class may be taken instead of a source port that somebody has. */
const CLASSES = [
  { from: 0, to: 511 },
  { from: 512, to: 1023 },
  { from: 1024, to: 65535 },
] as const;

interface Change {
  readonly end: End;
  readonly address: bigint | undefined;
  readonly from?: number;
  readonly to?: number;
}

function changeOf({ kind, family, to }: Nat): Change {
  if ('map' in to) throw new Error('maps are not written here');
  const { address, port } = to;
  const end: End = kind === 'snat' ? 'source' : 'destination';
  const target = address === undefined ? undefined : extent(family === 'ip' ? 'ip saddr' : 'ip6 saddr', address)[0];
  if (port === undefined) return { end, address: target };
  const [from, last] = typeof port === 'number' ? [port, port] : [Number(port.from), Number(port.to)];
  return { end, address: target, from, to: last };
}

/** Whether it has a port that may be changed. */
const isPorted = (z3: Z3, packet: AnyPacket): Truth => z3.And(hasPorts(z3, packet), packet.transported);

const inFamily = (z3: Z3, { six }: AnyPacket, { family }: Nat): Truth => (family === 'ip6' ? six : z3.Not(six));

/** Whether the port of one may have become that of the other. */
function portMayBe(z3: Z3, nat: Nat, before: Bits, after: Bits): Truth {
  const { from, to } = changeOf(nat);
  if (from !== undefined && to !== undefined) return between(z3, after, BigInt(from), BigInt(to));
  if (nat.kind === 'dnat') return before.eq(after);
  return any(
    z3,
    CLASSES.map((one) =>
      z3.And(between(z3, before, BigInt(one.from), BigInt(one.to)), between(z3, after, BigInt(one.from), BigInt(one.to))),
    ),
  );
}

/** Values of which one stands for all between which a condition does not tell apart. */
export interface Witnesses {
  readonly addresses: readonly bigint[];
  readonly ports: readonly bigint[];
}

/** Where NAT tells ports apart. */
function portsWith({ from = 0, to = 0 }: Change, { ports }: Witnesses): readonly bigint[] {
  const edges = [0, from, to, ...CLASSES.flatMap((one) => [one.from, one.to])].map(BigInt);
  return [...new Set([...ports, ...edges])].filter((port) => port < 65_536n);
}

/**
 * Packets that may come of those that are wanted.
 *
 * That there is one is said by trying the witnesses: Z3 takes minutes to do without the quantifiers of a formula like this.
 */
export function mayComeOf(z3: Z3, nat: Nat, packet: AnyPacket, witnesses: Witnesses, wanted: (before: AnyPacket) => Truth): Truth {
  const change = changeOf(nat);
  const { end, address } = change;
  const port = portOf(z3, packet, end);
  const befores =
    address === undefined
      ? [packet]
      : witnesses.addresses.map((old) => withAddress(z3, packet, end, nat.family, number(z3, old, widthOf(nat))));
  const ported = any(
    z3,
    portsWith(change, witnesses).flatMap((old) => {
      const bits = number(z3, old, 16);
      const wantedOnes = befores.map((before) => wanted(withPort(z3, before, end, bits)));
      return z3.And(portMayBe(z3, nat, bits, port), any(z3, wantedOnes));
    }),
  );
  const unported = any(z3, befores.map(wanted));
  const keepsPort = changesPort(nat) ? ported : unported;
  return every(z3, [
    inFamily(z3, packet, nat),
    address === undefined ? z3.Bool.val(true) : is(z3, addressOf(z3, packet, end, nat.family), address),
    z3.If(isPorted(z3, packet), keepsPort, unported) as Truth,
  ]);
}

/** Packets of which one that is wanted may come. */
export function mayHaveBeen(z3: Z3, nat: Nat, packet: AnyPacket, witnesses: Witnesses, wanted: (after: AnyPacket) => Truth): Truth {
  const change = changeOf(nat);
  const { end, address } = change;
  const after = address === undefined ? packet : withAddress(z3, packet, end, nat.family, number(z3, address, widthOf(nat)));
  const unported = wanted(after);
  const ported = (): Truth =>
    any(
      z3,
      portsWith(change, witnesses).map((port) => {
        const bits = number(z3, port, 16);
        return z3.And(portMayBe(z3, nat, portOf(z3, packet, end), bits), wanted(withPort(z3, after, end, bits)));
      }),
    );
  return z3.And(inFamily(z3, packet, nat), z3.If(isPorted(z3, packet), changesPort(nat) ? ported() : unported, unported) as Truth);
}

const changesPort = (nat: Nat): boolean => nat.kind === 'snat' || changeOf(nat).from !== undefined;

const widthOf = ({ family }: Nat): number => (family === 'ip' ? 32 : 128);
