/** Subnets that the host is in already: it could not tell the two networks apart. */
import type { Prefix } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { overlaps, prefixAround } from '../../address/prefix.ts';
import { type HeldHostAddress, hostAddresses } from '../../backend/host/abilities.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';

/** One line for each address that the host is to get in a subnet that another of its devices has. */
export function overlapping(coming: readonly Resource[]): readonly string[] {
  const wanted = coming.filter(
    (resource): resource is DeviceAddress => resource.kind === 'address' && resource.namespace === HOST && !isLinkLocal(resource.address),
  );
  if (wanted.length === 0) return [];
  const own = new Set(wanted.map(({ device }) => device));
  const held = hostAddresses().filter(({ device, address }) => !own.has(device) && !isLinkLocal(address));
  return wanted.flatMap(({ address }) =>
    held
      .filter((other) => share(address, other))
      .map(({ device, address: other }) => `the host has ${other} on ${device}, which overlaps with ${address} of the file`),
  );
}

/** Every device has one in the same block, and they are told apart by the device. */
const isLinkLocal = (address: string): boolean => address.startsWith('fe80:');

function share(address: string, other: HeldHostAddress): boolean {
  const [one, two] = [subnetOf(address), subnetOf(other.address)];
  return one !== undefined && two !== undefined && overlaps(one, two);
}

function subnetOf(text: string): Prefix | undefined {
  const [address = '', length] = text.split('/');
  const parsed = parseAddress(address);
  return parsed.ok ? prefixAround(parsed.value, Number(length)) : undefined;
}
