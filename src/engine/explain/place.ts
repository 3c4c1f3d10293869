/** Where packets are sent from or to, as somebody names it on the command line. */
import type { Address, Family } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { containsAddress } from '../../address/prefix.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network, Node } from '../../network/network.ts';
import type { ForeignAddress } from '../../proof/path/build/model-of.ts';
import { HOST } from '../../resource/resource.ts';

export interface Place {
  readonly name: string;
  /** Undefined for what is not in the bottle. */
  readonly namespace?: string;
  readonly addresses: readonly Address[];
  /** Whether these addresses are meant, and not whose they are. */
  readonly exact: boolean;
  readonly node?: Node;
}

const isSame = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

const isLinkLocal = ({ family, value }: Address): boolean => family === 6 && value >> 118n === 0x3fan;

const addressesOf = (node: Node): readonly Address[] =>
  [...node.interfaces.flatMap(({ addresses }) => addresses), ...(node.bridge?.addresses ?? [])].map(({ address }) => address);

export const nodePlace = ({ name: bottle }: Network, node: Node): Place => ({
  name: node.name,
  namespace: namespaceOf(bottle, node.name),
  addresses: addressesOf(node),
  exact: false,
  node,
});

/** The host, which has addresses in networks and others besides. */
export function hostPlace({ segments }: Network, foreign: readonly ForeignAddress[]): Place {
  const legs = segments.flatMap(({ attachment }) => ('host' in attachment ? attachment.host.addresses.map(({ address }) => address) : []));
  const others = foreign.filter(({ device, address }) => device !== 'lo' && !isLinkLocal(address)).map(({ address }) => address);
  return { name: 'host', namespace: HOST, addresses: [...legs, ...others], exact: false };
}

/** Whoever has an address. */
export function addressPlace(network: Network, foreign: readonly ForeignAddress[], address: Address, name: string): Place {
  const node = network.nodes.find((one) => addressesOf(one).some((own) => isSame(own, address)));
  if (node !== undefined) return { ...nodePlace(network, node), name, addresses: [address], exact: true };
  const host = hostPlace(network, foreign);
  const isHost = host.addresses.some((own) => isSame(own, address));
  return { name, ...(isHost && { namespace: HOST }), addresses: [address], exact: true };
}

/** Of documentation (RFC 5737, RFC 3849), as typical of the world outside; the first that no network of the bottle has. */
const OUTSIDE = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '2001:db8:ffff::1'];

export function outsidePlace({ segments }: Network): Place {
  const isOutside = (address: Address): boolean =>
    !segments.some(({ subnets }) => subnets.some((subnet) => subnet.family === address.family && containsAddress(subnet, address)));
  const free = OUTSIDE.flatMap((text) => {
    const parsed = parseAddress(text);
    return parsed.ok && isOutside(parsed.value) ? [parsed.value] : [];
  });
  const addresses = ([4, 6] as const).flatMap((family) => free.find((address) => address.family === family) ?? []);
  return { name: 'internet', addresses, exact: true };
}

/** One a family: an address in a segment that both are in if there is one, else the first. */
export function destinationsOf(from: Place, to: Place): readonly Address[] {
  if (to.exact) return to.addresses;
  const near = new Set(from.node?.interfaces.map(({ segment }) => segment));
  const shared =
    to.node?.interfaces.filter(({ segment }) => near.has(segment)).flatMap(({ addresses }) => addresses.map(({ address }) => address)) ??
    [];
  const families: readonly Family[] = [4, 6];
  return families.flatMap((family) => {
    if (!from.addresses.some((address) => address.family === family)) return [];
    // Whoever comes from outside knows the host by an address of that side.
    const known = from.namespace === undefined && to.namespace === HOST ? to.addresses.toReversed() : to.addresses;
    return [...shared, ...known].find((address) => address.family === family) ?? [];
  });
}
