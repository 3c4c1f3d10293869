import { formatPrefix } from '../../address/format.ts';
import { hostRange } from '../../address/host-range.ts';
import type { Family, Prefix } from '../../address/ip.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import type { Leg } from '../legs.ts';
import type { InterfaceAddress } from '../network.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import { allocate, keptFor } from './allocate.ts';
import { type InUse, ownerOf, placeGiven } from './given-addresses.ts';

export type Addresses = ReadonlyMap<Leg, readonly InterfaceAddress[]>;

/**
 * Who has which address. The file's come first, then the host's (the first that is free), then the derived ones.
 * A leg has at least one in every subnet of its network, IPv4 before IPv6, the primary one first.
 */
export function assignAddresses(domains: readonly BroadcastDomain[], report: Report): Addresses {
  const addresses = new Map<Leg, InterfaceAddress[]>();
  for (const domain of domains) {
    const inUse = placeGiven(domain, domains, report);
    for (const family of [4, 6] as const) {
      const subnet = domain.subnets.find((one) => one.family === family);
      if (subnet === undefined) continue;
      deriveRest(domain, subnet, inUse, report);
      for (const [value, { leg }] of inUse[family]) {
        const address = { address: { family, value }, prefixLength: subnet.length };
        const others = addresses.get(leg);
        if (others === undefined) addresses.set(leg, [address]);
        else others.push(address);
      }
    }
  }
  return addresses;
}

function deriveRest(domain: BroadcastDomain, subnet: Prefix, inUse: InUse, report: Report): void {
  const used = inUse[subnet.family];
  const lacking = domain.legs.filter((leg) => leg.auto && !isGiven(leg, subnet.family));
  const without: Leg[] = [];
  for (const leg of lacking.filter(({ role }) => role === 'host')) {
    const value = firstFree(subnet, used);
    if (value === undefined) without.push(leg);
    else used.set(value, { leg, given: undefined });
  }
  const applicants = lacking.filter(({ role }) => role !== 'host').map((leg) => ({ leg, key: `${leg.node} ${leg.segment}` }));
  const derived = allocate(subnet, applicants, (value) => used.has(value));
  for (const applicant of applicants) {
    const value = derived.get(applicant);
    if (value === undefined) without.push(applicant.leg);
    else used.set(value, { leg: applicant.leg, given: undefined });
  }
  if (without.length > 0) reportFull(domain, subnet, without, report);
}

function isGiven(leg: Leg, family: Family): boolean {
  return leg.given.some(({ address }) => address.family === family);
}

function firstFree(subnet: Prefix, used: ReadonlyMap<bigint, unknown>): bigint | undefined {
  const { first, last } = hostRange(subnet);
  for (let value = first; value <= last; value += 1n) if (!used.has(value)) return value;
  return undefined;
}

function reportFull(domain: BroadcastDomain, subnet: Prefix, without: readonly Leg[], report: Report): void {
  const leg = without[0];
  if (leg === undefined) return;
  const names = without.length === 1 ? ownerOf(leg) : listed(without.map((one) => one.node));
  const kept = keptFor(subnet);
  const byHand = kept === 0 ? '' : `; the first ${kept === 1 ? 'one is' : `${kept} are`} kept for gateways and can be given by hand`;
  report.error('subnet-full', leg.origin, `no address of \`${domain.name}\` (\`${formatPrefix(subnet)}\`) is left for ${names}`, {
    remedy: `Take a larger subnet (a smaller number after the \`/\`)${byHand}.`,
    related: [{ message: 'the subnet', origin: [...(domain.segments[0]?.origin ?? []), 'subnet'] }],
  });
}
