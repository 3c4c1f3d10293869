import type { Address, Family } from '../../address/ip.ts';
import type { Network, Node } from '../network.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { Walker } from '../routing/walk.ts';
import { addressesOf, nodesByName } from '../station.ts';
import type { ForwardDraft } from './forwards.ts';
import type { Forward } from './translation.ts';

/** Finds the addresses that each forward is for and leads to: those of a family that both have, where there is a way. */
export function placeForwards(drafts: readonly ForwardDraft[], network: Network, walker: Walker, report: Report): readonly Forward[] {
  if (drafts.length === 0) return [];
  const nodes = nodesByName(network);
  const hostOnly = new Set(network.segments.filter(({ attachment }) => attachment.mode === 'host-only').map(({ name }) => name));
  const canSend = (at: string, to: Located) =>
    (at === 'host' && hostOnly.has(to.segment)) || walker.walk(at, to.address).outcome === 'delivered';
  return drafts.flatMap((draft): readonly Forward[] => {
    const router = nodes.get(draft.at);
    const target = nodes.get(draft.to.node);
    if (target === undefined) return [];
    const own = ownAddresses(draft, router);
    const families = ([4, 6] as const).filter((family) => own === 'all' || own.some((address) => address.family === family));
    const common = addressesOf(target).filter(({ address }) => families.includes(address.family));
    if (common.length === 0) {
      reportFamilies(draft, families, addressesOf(target).length > 0, report);
      return [];
    }
    const near = nearest(common, router);
    const addresses = families.flatMap(
      (family) => near.find((one) => one.address.family === family && canSend(draft.at, one))?.address ?? [],
    );
    if (addresses.length === 0) {
      reportNoWay(draft, target, report);
      return [];
    }
    const reached = own === 'all' ? [] : own.filter(({ family }) => addresses.some((one) => one.family === family));
    const { text, at, protocol, ports, to, origin } = draft;
    return [{ text, at, addresses: reached, protocol, ports, to: { ...to, addresses }, origin }];
  });
}

interface Located {
  readonly address: Address;
  readonly segment: string;
}

function ownAddresses({ address }: ForwardDraft, router: Node | undefined): readonly Address[] | 'all' {
  if (address !== undefined) return [address];
  return router === undefined ? 'all' : addressesOf(router).map((one) => one.address);
}

/** Addresses in a network of the router's own first. */
function nearest(addresses: readonly Located[], router: Node | undefined): readonly Located[] {
  const own = new Set(router?.interfaces.map(({ segment }) => segment));
  return [...addresses.filter(({ segment }) => own.has(segment)), ...addresses.filter(({ segment }) => !own.has(segment))];
}

function reportFamilies({ at, to, origin }: ForwardDraft, families: readonly Family[], hasAny: boolean, report: Report): void {
  const place = at === 'host' ? 'the host' : `\`${at}\``;
  const message = hasAny
    ? `${place} would forward IPv${families.join(' and IPv')}, and \`${to.node}\` has no address of that family`
    : `\`${to.node}\` has no address`;
  report.error('forward-families', origin, message, {
    remedy: hasAny
      ? `Give a network of \`${to.node}\` a subnet of that family, or forward from an address of the other.`
      : 'Put it in a network.',
  });
}

function reportNoWay({ at, to, origin }: ForwardDraft, target: Node, report: Report): void {
  const networks = target.interfaces.map(({ segment }) => segment);
  const message = at === 'host' ? `the host has no way to \`${to.node}\`` : `\`${at}\` has no way to \`${to.node}\``;
  const remedy =
    at === 'host'
      ? `Set \`mode:\` of ${networks.length > 1 ? 'one of ' : ''}${listed(networks)} to \`nat\`, \`routed\` or \`host-only\`, or forward at a router.`
      : 'Join their networks with a router, or forward at another.';
  report.error('forward-without-way', origin, message, {
    remedy,
    related: [{ message: `\`${to.node}\` is here`, origin: target.interfaces[0]?.origin ?? target.origin, at: 'key' }],
  });
}
