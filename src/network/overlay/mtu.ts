import type { Address, Family } from '../../address/ip.ts';
import type { SegmentDraft } from '../segments.ts';
import type { OverlayDraft } from './overlay.ts';

/** Bytes of the outer headers, from the outer IP header up to the packet inside: IP, UDP or GRE with a key, and the inner Ethernet header. */
function overheadOf(type: OverlayDraft['type'], outer: Family): number {
  const encapsulation = { vxlan: 8 + 8, geneve: 8 + 8, gre: 8 }[type];
  return (outer === 4 ? 20 : 40) + encapsulation + 14;
}

/** What a network travels in, and over which networks. */
export interface Carrier {
  readonly over: readonly string[];
  readonly type: OverlayDraft['type'];
  readonly group?: Address;
  /** Whether its frames have a tag in there. */
  readonly tagged?: boolean;
}

/** IEEE 802.1Q. */
const TAG = 4;

/** The family of the outer packets: that of the group, else IPv4 where all that carry them have it. Undefined where they share none. */
export function outerFamily({ group }: Pick<Carrier, 'group'>, under: readonly SegmentDraft[]): Family | undefined {
  const shared = ([4, 6] as const).filter((family) => under.every(({ subnets }) => subnets.some((subnet) => subnet.family === family)));
  return group === undefined ? shared[0] : shared.find((family) => family === group.family);
}

/** Bytes around a packet, below which there are those of the networks under it. */
export const carrierOverhead = (carrier: Carrier, under: readonly SegmentDraft[]): number =>
  overheadOf(carrier.type, outerFamily(carrier, under) ?? 4) + (carrier.tagged === true ? TAG : 0);

/**
 * Segments with their MTUs: what is carried by others has what those leave. What the file asks of it is given
 * by those under it, where the file owns them and says nothing else.
 *
 * @param tunnels by the names of networks, what carries them between switches
 */
export function fitted(
  segments: readonly SegmentDraft[],
  tunnels: ReadonlyMap<string, readonly Carrier[]> = new Map(),
): readonly SegmentDraft[] {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const underOf = ({ over }: Carrier): readonly SegmentDraft[] => over.flatMap((name) => byName.get(name) ?? []);
  const carriersOf = ({ name, overlay }: SegmentDraft): readonly Carrier[] => [
    ...(overlay === undefined ? [] : [overlay]),
    ...(tunnels.get(name) ?? []),
  ];

  const needs = new Map<string, number>();
  const ask = (segment: SegmentDraft, wanted: number, above: ReadonlySet<string>): void => {
    const { name, spec } = segment;
    if (above.has(name)) return;
    if (spec.mtu === undefined) needs.set(name, Math.max(needs.get(name) ?? 0, wanted));
    for (const carrier of carriersOf(segment)) {
      const under = underOf(carrier);
      for (const one of under) ask(one, wanted + carrierOverhead(carrier, under), new Set([...above, name]));
    }
  };
  for (const segment of segments)
    if (carriersOf(segment).length > 0 && segment.spec.mtu !== undefined) ask(segment, segment.spec.mtu, new Set());

  const mtuOf = (segment: SegmentDraft, above: ReadonlySet<string>): number => {
    const { name, spec, mtu, mode } = segment;
    if (spec.mtu !== undefined || above.has(name)) return mtu;
    const carriers = carriersOf(segment).map((carrier) => ({ carrier, under: underOf(carrier) }));
    const left = carriers.flatMap(({ carrier, under }) =>
      under.map((one) => mtuOf(one, new Set([...above, name])) - carrierOverhead(carrier, under)),
    );
    if (left.length > 0) return Math.min(...left);
    return mode.kind === 'internal' ? Math.max(mtu, needs.get(name) ?? 0) : mtu;
  };
  // Open vSwitch takes frames as they are: a checksum that is left to the card would stay undone.
  const carrying = new Set([...tunnels.values()].flat().flatMap(({ over }) => over));
  return segments.map((segment) => ({
    ...segment,
    mtu: mtuOf(segment, new Set()),
    checksumOffload: segment.checksumOffload && !carrying.has(segment.name),
  }));
}
