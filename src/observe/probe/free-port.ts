import { randomInt } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { Address } from '../../address/ip.ts';
import { SOCK_DGRAM, SOCK_STREAM, socket, tryBind } from '../../backend/kernel/libc.ts';
import { within } from '../../backend/kernel/namespace.ts';
import { socketAddress, socketDomain } from './sockaddr.ts';

const ATTEMPTS = 20;

/**
 * Any port from `first` to `last` that nobody has in a namespace. For a minute a TCP connection keeps its port after it has ended
 * (TIME-WAIT, RFC 9293, 3.6), and what is random comes twice now and then.
 */
export function freePort(
  namespacePath: string,
  { protocol, family }: { readonly protocol: 'tcp' | 'udp'; readonly family: Address['family'] },
  [first, last]: readonly [first: number, last: number],
): number {
  const any = { family, value: 0n };
  return within(namespacePath, () => {
    let port = randomInt(first, last + 1);
    for (let attempts = ATTEMPTS; attempts > 0; attempts--) {
      const descriptor = socket(socketDomain(any), protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0);
      try {
        if (tryBind(descriptor, socketAddress(any, port)) >= 0) return port;
      } finally {
        closeSync(descriptor);
      }
      port = randomInt(first, last + 1);
    }
    return port;
  });
}
