import type { Network, Segment } from '../network.ts';
import type { Report } from '../report.ts';
import type { Walker } from '../routing/walk.ts';
import { checkMtu, type SegmentDraft } from '../segments.ts';
import { overheadOf } from './mtu.ts';

type Overlaid = Segment & { readonly overlay: NonNullable<Segment['overlay']> };

const isOverlaid = (segment: Segment): segment is Overlaid => segment.overlay !== undefined;

/**
 * Between the networks that carry an overlay there may be others, which its packets pass as well. What those leave is known only
 * when all routes are: an overlay whose MTU is not given takes it, and for one whose MTU is given there is a warning.
 */
export function throughTransit(network: Network, drafts: readonly SegmentDraft[], walker: Walker, report: Report): Network {
  if (!network.segments.some(isOverlaid)) return network;
  const given = new Set(drafts.flatMap(({ name, spec }) => (spec.mtu === undefined ? [] : [name])));
  const mtus = new Map(network.segments.map(({ name, mtu }) => [name, mtu]));
  const passed = new Map(network.segments.filter(isOverlaid).map((segment) => [segment, segmentsOf(segment, network, walker)] as const));
  const roomIn = (names: ReadonlySet<string>): number => Math.min(...[...names].map((name) => mtus.get(name) ?? Number.POSITIVE_INFINITY));
  // Overlays on overlays: each is at its last figure after as many rounds as there are.
  for (const _ of passed) {
    for (const [{ name, overlay, mtu }, names] of passed)
      if (!given.has(name)) mtus.set(name, Math.min(mtus.get(name) ?? mtu, roomIn(names) - overhead(overlay)));
  }
  for (const [{ name, origin, overlay, mtu }, names] of passed) {
    const carriers = new Set(drafts.find((draft) => draft.name === name)?.overlay?.over);
    const outer = mtu + overhead(overlay);
    const narrow = network.segments.find((one) => names.has(one.name) && !carriers.has(one.name) && one.mtu < outer);
    if (!given.has(name) || narrow === undefined) continue;
    report.warn(
      'overlay-mtu',
      [...origin, 'mtu'],
      `packets of ${mtu} bytes do not fit: with what carries them they have ${outer}, and \`${narrow.name}\` on the way takes ${narrow.mtu}`,
      {
        remedy: `Leave \`mtu\` out (it then is ${roomIn(names) - overhead(overlay)}), or set \`mtu: ${outer}\` for \`${narrow.name}\`.`,
        related: [{ message: `\`${narrow.name}\``, origin: narrow.origin, at: 'key' }],
      },
    );
  }
  for (const draft of drafts) {
    const mtu = mtus.get(draft.name) ?? draft.mtu;
    if (mtu < draft.mtu) checkMtu({ ...draft, mtu }, report);
  }
  const segments = network.segments.map((segment) => Object.freeze({ ...segment, mtu: mtus.get(segment.name) ?? segment.mtu }));
  return Object.freeze({ ...network, segments: Object.freeze(segments) });
}

const overhead = ({ type, endpoints }: Overlaid['overlay']): number => overheadOf(type, endpoints[0]?.address.family ?? 4);

/** All that the outer packets pass: from each endpoint to one in each of the networks that the others are in. */
function segmentsOf({ overlay }: Overlaid, network: Network, walker: Walker): ReadonlySet<string> {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const ends = overlay.endpoints.map((endpoint) => ({
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
