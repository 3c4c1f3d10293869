/** Sockets that are made inside a machine's namespace and served from outside of it. All of it is synchronous, for `within`. */
import { closeSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { toBytes } from '../../address/bytes.ts';
import { parseAddress } from '../../address/parse.ts';
import { AF_INET, AF_INET6, bind, listen, SOCK_DGRAM, SOCK_STREAM, setSocketOption, socket } from '../kernel/libc.ts';
import { SystemError } from '../kernel/system-error.ts';

const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const BACKLOG = 511;

export interface LocalAddress {
  readonly address: string;
  readonly family: 4 | 6;
  /** Interface that a link-local address belongs to; 0 for others. */
  readonly scope: number;
}

/** An open socket; whoever takes the descriptor closes it. */
export interface OpenSocket {
  readonly descriptor: number;
  readonly family: 4 | 6;
}

const ANY_6: LocalAddress = { address: '::', family: 6, scope: 0 };
const ANY_4: LocalAddress = { address: '0.0.0.0', family: 4, scope: 0 };

/** A socket on every address of the namespace that the thread is in, of both families where there is IPv6. */
export function openOnAny(protocol: 'tcp' | 'udp', port: number): OpenSocket {
  try {
    return openOn(protocol, ANY_6, port, false);
  } catch (error) {
    // No IPv6: not in this kernel, or switched off in this namespace.
    if (!(error instanceof SystemError) || !['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(error.code)) throw error;
    return openOn(protocol, ANY_4, port, true);
  }
}

/** A socket on one address. */
export function openOn(protocol: 'tcp' | 'udp', local: LocalAddress, port: number, only = true): OpenSocket {
  const descriptor = socket(local.family === 6 ? AF_INET6 : AF_INET, protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0);
  try {
    // TCP: no wait for connections of an earlier listener. UDP: one socket on all addresses beside those on single ones.
    setSocketOption(descriptor, SOL_SOCKET, SO_REUSEADDR, int(1));
    if (local.family === 6) setSocketOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, int(only ? 1 : 0));
    bind(descriptor, socketAddress(local, port));
    if (protocol === 'tcp') listen(descriptor, BACKLOG);
    return { descriptor, family: local.family };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The addresses of the namespace that the thread is in, on interfaces that are up. */
export function localAddresses(): readonly LocalAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map((info) =>
      info.family === 'IPv6' ? { address: info.address, family: 6, scope: info.scopeid } : { address: info.address, family: 4, scope: 0 },
    );
}

const int = (value: number): Uint8Array => new Uint8Array(Int32Array.of(value).buffer);

/** struct sockaddr_in and sockaddr_in6: ip(7), ipv6(7). Family and scope in the host's byte order, the rest in the network's. */
function socketAddress(local: LocalAddress, port: number): Uint8Array {
  const parsed = parseAddress(local.address);
  if (!parsed.ok) throw new Error(`not an address: ${local.address}`);
  const bytes = new Uint8Array(local.family === 6 ? 28 : 16);
  bytes.set(new Uint8Array(Uint16Array.of(local.family === 6 ? AF_INET6 : AF_INET).buffer), 0);
  bytes.set([port >> 8, port & 0xff], 2);
  bytes.set(toBytes(parsed.value), local.family === 6 ? 8 : 4);
  if (local.family === 6) bytes.set(new Uint8Array(Uint32Array.of(local.scope).buffer), 24);
  return bytes;
}
