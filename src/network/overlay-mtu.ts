import type { Family } from '../address/ip.ts';
import type { OverlayDraft } from './overlay.ts';
import type { SegmentDraft } from './segments.ts';

/** Bytes of the outer headers, from the outer IP header up to the packet inside: IP, UDP or GRE with a key, and the inner Ethernet header. */
export function overheadOf(type: OverlayDraft['type'], outer: Family): number {
  const encapsulation = { vxlan: 8 + 8, geneve: 8 + 8, gre: 8 }[type];
  return (outer === 4 ? 20 : 40) + encapsulation + 14;
}

/** The family of the outer packets: that of the group, else IPv4 where all that carry the overlay have it. Undefined where they share none. */
export function outerFamily({ group }: OverlayDraft, under: readonly SegmentDraft[]): Family | undefined {
  const shared = ([4, 6] as const).filter((family) => under.every(({ subnets }) => subnets.some((subnet) => subnet.family === family)));
  return group === undefined ? shared[0] : shared.find((family) => family === group.family);
}

/**
 * Segments with their MTUs: an overlay has what those that carry it leave. What the file asks of an overlay is given
 * by those under it, where the file owns them and says nothing else.
 */
export function fitted(segments: readonly SegmentDraft[]): readonly SegmentDraft[] {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const underOf = ({ over }: OverlayDraft): readonly SegmentDraft[] => over.flatMap((name) => byName.get(name) ?? []);
  const overhead = (overlay: OverlayDraft): number => overheadOf(overlay.type, outerFamily(overlay, underOf(overlay)) ?? 4);

  const needs = new Map<string, number>();
  const ask = ({ name, overlay, spec }: SegmentDraft, wanted: number, above: ReadonlySet<string>): void => {
    if (above.has(name)) return;
    if (spec.mtu === undefined) needs.set(name, Math.max(needs.get(name) ?? 0, wanted));
    if (overlay === undefined) return;
    for (const under of underOf(overlay)) ask(under, wanted + overhead(overlay), new Set([...above, name]));
  };
  for (const segment of segments)
    if (segment.overlay !== undefined && segment.spec.mtu !== undefined) ask(segment, segment.spec.mtu, new Set());

  const mtuOf = ({ name, overlay, spec, mtu, mode }: SegmentDraft, above: ReadonlySet<string>): number => {
    if (spec.mtu !== undefined || above.has(name)) return mtu;
    if (overlay === undefined) return mode.kind === 'internal' ? Math.max(mtu, needs.get(name) ?? 0) : mtu;
    const under = underOf(overlay).map((segment) => mtuOf(segment, new Set([...above, name])));
    return under.length === 0 ? mtu : Math.min(...under) - overhead(overlay);
  };
  return segments.map((segment) => ({ ...segment, mtu: mtuOf(segment, new Set()) }));
}
