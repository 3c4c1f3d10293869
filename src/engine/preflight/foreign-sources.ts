import { formatAddress } from '../../address/format.ts';
import { hostAddresses } from '../../backend/host/abilities.ts';
import type { Network } from '../../network/network.ts';

/** Addresses that packets leave the host with, and that it does not have: whether answers come back is for others to say. */
export function foreignSources({ segments }: Network): readonly string[] {
  const asked = segments.flatMap(({ name, nat }) => (nat?.to ?? []).map((address) => ({ name, text: formatAddress(address) })));
  if (asked.length === 0) return [];
  const own = new Set([
    ...hostAddresses().map(({ address }) => address.split('/')[0]),
    ...segments.flatMap(({ attachment }) =>
      'host' in attachment ? attachment.host.addresses.map(({ address }) => formatAddress(address)) : [],
    ),
  ]);
  return asked.flatMap(({ name, text }) =>
    own.has(text)
      ? []
      : [`packets of ${name} leave as ${text}, which this host does not have: answers come back only if others send them here`],
  );
}
