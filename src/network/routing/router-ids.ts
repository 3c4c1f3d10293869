/** By which routers that speak OSPF or BGP know one another: four bytes, which no two share. */
import { formatAddress } from '../../address/format.ts';
import type { Addresses } from '../addresses/addresses.ts';
import { compareText } from '../broadcast-domains.ts';
import type { HostDraft } from '../nodes.ts';

/** Its first IPv4 address, or, where it has none, a number by the order of the names. */
export function routerIds(routers: readonly HostDraft[], addresses: Addresses): (router: HostDraft) => string {
  const inOrder = routers.map(({ name }) => name).toSorted(compareText);
  return ({ name, legs }) => {
    const own = legs.flatMap((leg) => addresses.get(leg) ?? []).find(({ address }) => address.family === 4);
    return own === undefined ? `0.0.0.${inOrder.indexOf(name) + 1}` : formatAddress(own.address);
  };
}
