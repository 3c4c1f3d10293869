import { formatAddress, formatPrefix } from '../../address/format.ts';
import { hostRange } from '../../address/host-range.ts';
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import type { GivenAddress, Leg } from '../legs.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';

/** Addresses in use in one broadcast domain, by family and number. */
export type InUse = Readonly<Record<Family, Map<bigint, { readonly leg: Leg; readonly given: GivenAddress | undefined }>>>;

/** Checks the addresses that the file gives, and notes who has them. */
export function placeGiven(domain: BroadcastDomain, domains: readonly BroadcastDomain[], report: Report): InUse {
  const inUse: InUse = { 4: new Map(), 6: new Map() };
  if (domain.subnets.length === 0) return inUse;
  for (const leg of domain.legs) {
    for (const given of leg.given) {
      const { address, origin } = given;
      const subnet = domain.subnets.find((one) => containsAddress(one, address));
      if (subnet === undefined) {
        reportOutside(leg, given, domain, domains, report);
        continue;
      }
      const unusable = whyUnusable(address, subnet);
      if (unusable !== undefined) {
        report.error('unusable-address', origin, `\`${formatAddress(address)}\` is the ${unusable} of \`${formatPrefix(subnet)}\``, {
          remedy: rangeRemedy(subnet),
        });
        continue;
      }
      const first = inUse[address.family].get(address.value);
      if (first === undefined) inUse[address.family].set(address.value, { leg, given });
      else {
        report.error(
          'address-in-use',
          origin,
          `\`${formatAddress(address)}\` is the address of ${ownerOf(leg)} and of ${ownerOf(first.leg)}`,
          {
            remedy: 'Give one of them another, or write `auto`.',
            related: [{ message: `first used by ${ownerOf(first.leg)}`, origin: first.given?.origin ?? first.leg.origin }],
          },
        );
      }
    }
  }
  return inUse;
}

function whyUnusable(address: Address, subnet: Prefix): string | undefined {
  const range = hostRange(subnet);
  if (address.value < range.first) return address.family === 4 ? 'network address' : 'subnet-router anycast address';
  return address.value > range.last ? 'broadcast address' : undefined;
}

function reportOutside(
  leg: Leg,
  { address, origin }: GivenAddress,
  domain: BroadcastDomain,
  domains: readonly BroadcastDomain[],
  report: Report,
): void {
  const home = domains.find((other) => other.subnets.some((subnet) => containsAddress(subnet, address)));
  const text = formatAddress(address);
  const ofFamily = domain.subnets.find((subnet) => subnet.family === address.family);
  if (ofFamily === undefined) {
    const other = address.family === 4 ? 6 : 4;
    report.error('address-outside-subnet', origin, `\`${leg.segment}\` has no IPv${address.family} subnet for \`${text}\``, {
      remedy: `Add one to \`subnet:\` of \`${leg.segment}\`, or give an IPv${other} address.`,
    });
    return;
  }
  report.error('address-outside-subnet', origin, `\`${text}\` is not in the subnet of \`${leg.segment}\`, \`${formatPrefix(ofFamily)}\``, {
    remedy:
      home === undefined
        ? rangeRemedy(ofFamily)
        : `It belongs to ${listed(home.segments.map(({ name }) => name))}. ${rangeRemedy(ofFamily)}`,
  });
}

function rangeRemedy(subnet: Prefix): string {
  const { first, last } = hostRange(subnet);
  const ends = [first, last].map((value) => formatAddress({ family: subnet.family, value }));
  return first === last ? `Its only address is \`${ends[0]}\`.` : `Take one from \`${ends[0]}\` to \`${ends[1]}\`, or write \`auto\`.`;
}

export function ownerOf(leg: Leg): string {
  return leg.role === 'host' ? 'the host' : `\`${leg.node}\``;
}
