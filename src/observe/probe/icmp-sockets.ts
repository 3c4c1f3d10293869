/** The raw ICMP sockets of a source namespace: one that hears, and one to speak with for each source address. */
import { bind, SOCK_NONBLOCK, SOCK_RAW, setSocketOption, socket, tryReceiveFrom } from '../../backend/kernel/libc.ts';
import { enlargeBuffer } from './buffer.ts';
import type { Descriptors } from './descriptors.ts';
import { type Heard, heard4, heard6 } from './icmp.ts';
import type { Probe } from './probe.ts';
import {
  address6Of,
  ICMP_FILTER,
  ICMP6_FILTER,
  IP_MTU_DISCOVER,
  IP_TTL,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MTU_DISCOVER,
  IPV6_UNICAST_HOPS,
  ints,
  PMTUDISC_DO,
  PMTUDISC_WANT,
  SOL_RAW,
  socketAddress,
  socketDomain,
} from './sockaddr.ts';

/** Echo replies and errors, by ICMP type. */
const audible = { 4: [0, 3, 11, 12], 6: [1, 2, 3, 4, 129] } as const;

/** Bits of ICMP types to let through; a set bit of the option blocks (icmp6(7), raw(7)). */
function icmpFilter(words: Int32Array, types: readonly number[]): Uint8Array {
  words.fill(-1);
  for (const type of types) words[type >> 5] = (words[type >> 5] ?? 0) & ~(1 << (type & 31));
  return new Uint8Array(words.buffer);
}

function rawSocket({ to }: Probe, types: readonly number[], descriptors: Descriptors): number {
  const protocol = to.family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  const descriptor = descriptors.keep(socket(socketDomain(to), SOCK_RAW | SOCK_NONBLOCK, protocol));
  if (to.family === 4) setSocketOption(descriptor, SOL_RAW, ICMP_FILTER, icmpFilter(new Int32Array(1), types));
  else setSocketOption(descriptor, IPPROTO_ICMPV6, ICMP6_FILTER, icmpFilter(new Int32Array(8), types));
  return descriptor;
}

/** A socket that hears replies and errors in the family of the probe. */
export function openEar(probe: Probe, descriptors: Descriptors): number {
  const descriptor = rawSocket(probe, audible[probe.to.family], descriptors);
  enlargeBuffer(descriptor, 'receive');
  return descriptor;
}

/** Takes in all that the ear has heard since the last time. */
export function listenTo(ear: number, family: 4 | 6, heed: (heard: Heard) => void): void {
  const data = new Uint8Array(2048);
  const sender = new Uint8Array(28);
  for (let length = tryReceiveFrom(ear, data, sender); length >= 0; length = tryReceiveFrom(ear, data, sender)) {
    const packet = data.subarray(0, length);
    const heard = family === 4 ? heard4(packet) : heard6(packet, address6Of(sender));
    if (heard !== undefined) heed(heard);
  }
}

/** A deaf socket to send echo requests from the probe's source address. */
export function openMouth(probe: Probe, descriptors: Descriptors): number {
  const descriptor = rawSocket(probe, [], descriptors);
  enlargeBuffer(descriptor, 'send');
  if (probe.source !== undefined) bind(descriptor, socketAddress(probe.source, 0));
  return descriptor;
}

export const isSpecial = ({ hopLimit, size, full }: Probe): boolean => hopLimit !== undefined || size !== undefined || full === true;

/** Sets hop limit and fragmentation as the probe wants them, or back to the defaults where it says nothing. */
export function setHeader(descriptor: number, family: 4 | 6, { hopLimit, size, full }: Pick<Probe, 'hopLimit' | 'size' | 'full'>): void {
  const level = family === 4 ? IPPROTO_IP : IPPROTO_IPV6;
  setSocketOption(descriptor, level, family === 4 ? IP_TTL : IPV6_UNICAST_HOPS, ints(hopLimit ?? -1));
  const discovery = size === undefined && full !== true ? PMTUDISC_WANT : PMTUDISC_DO;
  setSocketOption(descriptor, level, family === 4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, ints(discovery));
}
