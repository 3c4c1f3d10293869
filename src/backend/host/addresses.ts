/** The addresses that the host has now. */
import { networkInterfaces } from 'node:os';
import type { Address } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { inUserNamespace } from '../home.ts';

interface HostAddress {
  readonly device: string;
  readonly address: Address;
  /** Bits. */
  readonly prefixLength: number;
}

/** None for an ordinary user, whose bottles do not have this host, but one of their own. */
export function readHostAddresses(): readonly HostAddress[] {
  if (inUserNamespace() || process.getuid?.() !== 0) return [];
  return Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
    addresses.flatMap(({ address, cidr }): readonly HostAddress[] => {
      const parsed = parseAddress(address.replace(/%.*$/, ''));
      return parsed.ok && cidr !== null ? [{ device, address: parsed.value, prefixLength: Number(cidr.split('/')[1]) }] : [];
    }),
  );
}
