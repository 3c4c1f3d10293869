import { formatPrefix } from '../address/format.ts';
import type { Prefix } from '../address/ip.ts';
import { samePrefix } from '../address/prefix.ts';
import { DisjointSets } from '../collection/disjoint-sets.ts';
import { groupBy } from '../collection/group-by.ts';
import type { Leg } from './legs.ts';
import type { BridgeDraft, NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/** Segments that hear each other's broadcasts: one network, or several that bridges join. */
export interface BroadcastDomain {
  /** The first of its segments by name. */
  readonly name: string;
  /** By name. */
  readonly segments: readonly SegmentDraft[];
  /** The same in all of its segments. */
  readonly subnets: readonly Prefix[];
  /** Of nodes, bridges and the host. */
  readonly legs: readonly Leg[];
}

/** By name, so that nothing hangs on the order of the file. */
export function joinSegments(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  hostLegs: readonly Leg[],
  report: Report,
): readonly BroadcastDomain[] {
  const bridges = nodes.filter((node) => node.kind === 'bridge');
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const sets = new DisjointSets();
  for (const bridge of bridges) {
    checkJoined(bridge, byName, report);
    for (const leg of bridge.legs) sets.join(bridge.legs[0]?.segment ?? leg.segment, leg.segment);
  }
  checkLoops(bridges, byName, report);
  const members = groupBy(segments, (segment) => sets.rootOf(segment.name));
  const legs = groupBy(
    [...nodes.flatMap((node) => (node.kind === 'bridge' && node.own !== undefined ? [...node.legs, node.own] : node.legs)), ...hostLegs],
    (leg) => sets.rootOf(leg.segment),
  );
  const domains = [...members].map(([root, joined]): BroadcastDomain => {
    const sorted = joined.toSorted((a, b) => compareText(a.name, b.name));
    return { name: sorted[0]?.name ?? root, segments: sorted, subnets: sorted[0]?.subnets ?? [], legs: legs.get(root) ?? [] };
  });
  return domains.toSorted((a, b) => compareText(a.name, b.name));
}

/** By code unit: the same on every host, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkJoined(bridge: BridgeDraft, segments: ReadonlyMap<string, SegmentDraft>, report: Report): void {
  const first = segments.get(bridge.legs[0]?.segment ?? '');
  for (const leg of bridge.legs) {
    const segment = segments.get(leg.segment);
    if (first === undefined || segment === undefined) continue;
    if (segment.mode.kind === 'macvlan') {
      report.error(
        'bridge-on-macvlan',
        leg.origin,
        `\`${bridge.name}\` cannot join \`${segment.name}\`: its machines sit on a macvlan of the host, which gives a bridge no frames for others`,
        {
          remedy: `Set \`attach: { interface: ${segment.mode.parent}, by: veth }\` for \`${segment.name}\`.`,
          related: [{ message: 'attached here', origin: [...segment.origin, 'attach'] }],
        },
      );
    }
    const sound = first.subnets.length > 0 && segment.subnets.length > 0;
    if (sound && !sameSubnets(first.subnets, segment.subnets)) {
      report.error(
        'joined-subnets-differ',
        leg.origin,
        `\`${bridge.name}\` joins \`${first.name}\` (${texts(first)}) and \`${segment.name}\` (${texts(segment)}), which then are one network with two subnets`,
        {
          remedy: 'Give both the same subnet, or join them with a router.',
          related: [
            { message: `the subnet of \`${first.name}\``, origin: [...first.origin, 'subnet'] },
            { message: `the subnet of \`${segment.name}\``, origin: [...segment.origin, 'subnet'] },
          ],
        },
      );
    }
    if (segment.mtu !== first.mtu) {
      report.warn(
        'joined-mtu-differs',
        leg.origin,
        `\`${bridge.name}\` joins \`${first.name}\` with an MTU of ${first.mtu} and \`${segment.name}\` with ${segment.mtu}: larger packets vanish without a word`,
        {
          remedy: 'Give both the same MTU.',
        },
      );
    }
  }
}

/** Frames in a loop multiply until nothing else gets through. A switch that speaks STP breaks every loop it is in. */
function checkLoops(bridges: readonly BridgeDraft[], segments: ReadonlyMap<string, SegmentDraft>, report: Report): void {
  const sets = new DisjointSets();
  for (const bridge of bridges.filter(({ spec }) => spec.stp !== true)) {
    for (const leg of bridge.legs.filter(({ segment }) => segments.get(segment)?.stp === false)) {
      if (sets.join(`bridge ${bridge.name}`, leg.segment)) continue;
      report.error('bridge-loop', leg.origin, `\`${bridge.name}\` closes a loop at \`${leg.segment}\`: frames would go round for ever`, {
        remedy: `Set \`stp: true\` for \`${bridge.name}\`, or take away one of the bridges between these networks.`,
      });
    }
  }
}

function sameSubnets(one: readonly Prefix[], other: readonly Prefix[]): boolean {
  return one.length === other.length && one.every((prefix) => other.some((match) => samePrefix(prefix, match)));
}

function texts(segment: SegmentDraft): string {
  return segment.subnets.map((subnet) => `\`${formatPrefix(subnet)}\``).join(' and ');
}
