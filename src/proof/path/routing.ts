import type { Address } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { ModelRoute, Station } from './model.ts';

export type Routing =
  | { readonly kind: 'local' }
  | { readonly kind: 'sent'; readonly route: ModelRoute; readonly device: string }
  | { readonly kind: 'unreachable'; readonly route: ModelRoute }
  | { readonly kind: 'undecided'; readonly route: ModelRoute }
  | { readonly kind: 'none' };

export const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

/** Whether packets to it go to everybody: the last address of a subnet (fib_add_ifaddr), 255.255.255.255, multicast. */
export function reachesAll({ addresses }: Station, to: Address): 'broadcast' | 'multicast' | undefined {
  if (to.family === 6) return to.value >> 120n === 0xffn ? 'multicast' : undefined;
  if (to.value >> 28n === 0xen) return 'multicast';
  const isLast = ({ prefix: { family, length, value } }: Station['addresses'][number]): boolean =>
    family === 4 && length < 31 && to.value === value + (1n << BigInt(32 - length)) - 1n;
  return to.value === 0xffffffffn || addresses.some(isLast) ? 'broadcast' : undefined;
}

export const isLocal = ({ addresses }: Station, address: Address): boolean =>
  isLoopback(address) || addresses.some((own) => same(own.address, address));

function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}

/** What the tables `local` and `main` say (ip-route(8)). */
export function routeTo(station: Station, to: Address): Routing {
  if (isLocal(station, to)) return { kind: 'local' };
  const route = station.routes.find((one) => containsAddress(one.to, to));
  if (route === undefined) return { kind: 'none' };
  if (route.undecided === true) return { kind: 'undecided', route };
  return route.device === undefined ? { kind: 'unreachable', route } : { kind: 'sent', route, device: route.device };
}

/** The address that a packet gets whose sender did not choose one: of the subnet of the next hop, else the first of the interface. */
export function sourceFor(
  station: Station,
  to: Address,
  { route, device }: { readonly route: ModelRoute; readonly device: string },
): Address | undefined {
  const next = route.via ?? to;
  const candidates = station.addresses.filter(({ address }) => address.family === to.family && !isLinkLocal(address));
  const near = candidates.filter((own) => own.device === device);
  return (near.find(({ prefix }) => containsAddress(prefix, next)) ?? near[0] ?? candidates[0])?.address;
}

/**
 * The address that an IPv6 error is sent from: not what the way back says, but one of the device by which the packet came that it is about
 * (icmp6_send), the one that has most in common with whom it is for (RFC 6724, rules 5 and 8).
 */
export function errorSourceFor({ addresses }: Station, to: Address, inDevice: string): Address | undefined {
  const candidates = addresses.filter(({ address }) => address.family === 6 && !isLinkLocal(address));
  const near = candidates.filter(({ device }) => device === inDevice);
  const [first, ...others] = near.length > 0 ? near : candidates;
  const alike = ({ address, prefix }: Station['addresses'][number]): number => Math.min(commonBits(address, to), prefix.length);
  return first && others.reduce((best, one) => (alike(one) > alike(best) ? one : best), first).address;
}

const commonBits = (one: Address, other: Address): number =>
  128 - (one.value === other.value ? 0 : (one.value ^ other.value).toString(2).length);

const isLinkLocal = ({ family, value }: Address): boolean => family === 6 && value >> 118n === 0x3fan;
