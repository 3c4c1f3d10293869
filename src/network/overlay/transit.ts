import type { Network } from '../network.ts';
import type { Report } from '../report.ts';
import type { Walker } from '../routing/walk.ts';
import { checkMtu, type SegmentDraft } from '../segments.ts';
import type { TrunkDraft } from '../switching/trunks.ts';
import { withMtus } from '../with-mtus.ts';
import { checkFits } from './fits.ts';
import { type Carrier, carrierOverhead } from './mtu.ts';
import type { Endpoint } from './tunnel.ts';

/** A network in packets of others: in an overlay, or in a tunnel between switches. */
interface Carried {
  readonly draft: SegmentDraft;
  readonly under: readonly string[];
  /** All that the outer packets pass, `under` among it. */
  readonly passed: ReadonlySet<string>;
  /** Bytes. */
  readonly overhead: number;
}

/**
 * Between the networks that carry another there may be further ones, which its packets pass as well. What those leave is known only
 * when all routes are: a network whose MTU is not given takes it, and for one whose MTU is given there is a warning.
 */
export function throughTransit(
  network: Network,
  drafts: readonly SegmentDraft[],
  trunks: readonly TrunkDraft[],
  walker: Walker,
  report: Report,
): Network {
  const all = allCarried(network, drafts, trunks, walker);
  const mtus = new Map(network.segments.map(({ name, mtu }) => [name, mtu]));
  const mtuOf = (name: string): number => mtus.get(name) ?? Number.POSITIVE_INFINITY;
  // Overlays on overlays: each is at its last figure after as many rounds as there are.
  for (const _ of all) {
    for (const { draft, passed, overhead } of all) {
      const left = Math.min(...[...passed].map(mtuOf)) - overhead;
      if (draft.spec.mtu === undefined) mtus.set(draft.name, Math.min(mtuOf(draft.name), left));
    }
  }
  const narrower = withMtus(network, mtus);
  for (const { draft, under, passed, overhead } of all) {
    const way = narrower.segments.filter(({ name }) => passed.has(name));
    const [below, between] = [true, false].map((named) => way.filter(({ name }) => under.includes(name) === named));
    checkFits(draft, overhead, { under: below ?? [], between: between ?? [] }, report);
  }
  for (const draft of drafts) {
    const mtu = mtuOf(draft.name);
    if (mtu < draft.mtu) checkMtu({ ...draft, mtu }, report);
  }
  return narrower;
}

function allCarried(network: Network, drafts: readonly SegmentDraft[], trunks: readonly TrunkDraft[], walker: Walker): readonly Carried[] {
  const find = (name: string): readonly SegmentDraft[] => drafts.filter((draft) => draft.name === name);
  const carriedBy = (carrier: Carrier, draft: SegmentDraft, passed: ReadonlySet<string>): Carried => ({
    draft,
    under: carrier.over,
    passed,
    overhead: carrierOverhead(carrier, carrier.over.flatMap(find)),
  });
  return [
    ...network.segments.flatMap(({ name, overlay }) =>
      find(name).flatMap((draft) =>
        overlay === undefined || draft.overlay === undefined
          ? []
          : [carriedBy(draft.overlay, draft, segmentsBetween(overlay.endpoints, network, walker))],
      ),
    ),
    ...network.trunks.flatMap(({ tunnel, carries }, index) => {
      const carrier = trunks[index]?.tunnel;
      if (tunnel === undefined || carrier === undefined) return [];
      const passed = segmentsBetween(tunnel.ends, network, walker);
      return carries.flatMap(({ segment, tagged }) => find(segment).map((draft) => carriedBy({ ...carrier, tagged }, draft, passed)));
    }),
  ];
}

/** All that the outer packets pass: from each endpoint to one in each of the networks that the others are in. */
function segmentsBetween(endpoints: readonly Endpoint[], network: Network, walker: Walker): ReadonlySet<string> {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const ends = endpoints.map((endpoint) => ({
    ...endpoint,
    segment: nodes.get(endpoint.node)?.interfaces.find(({ device }) => device === endpoint.device)?.segment ?? '',
  }));
  const first = new Map(ends.toReversed().map((end) => [end.segment, end]));
  const passed = new Set(first.keys());
  for (const { node, segment } of ends) {
    for (const to of first.values()) {
      if (to.segment === segment) continue;
      const { outcome, segments } = walker.walk(node, to.address);
      if (outcome === 'delivered') for (const name of segments) passed.add(name);
    }
  }
  return passed;
}
