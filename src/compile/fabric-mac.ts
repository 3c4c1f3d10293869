import { localMac } from '../address/mac.ts';
import { hash } from '../network/hash.ts';
import type { Network } from '../network/network.ts';

/** The MAC address of a part of a switch, by the name of the part. */
export function fabricMac(network: Network, name: string): string {
  const { high, low } = hash(`${network.name}/switch/${name}`);
  return localMac(high, low);
}
