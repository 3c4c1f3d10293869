import type { Names } from '../names.ts';
import type { NodeDraft } from '../nodes.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import { legUnder } from './endpoints.ts';
import { checkFits } from './fits.ts';
import { carrierOverhead, outerFamily } from './mtu.ts';
import type { OverlayDraft } from './overlay.ts';

type Overlaid = SegmentDraft & { readonly overlay: OverlayDraft };

const isOverlaid = (segment: SegmentDraft): segment is Overlaid => segment.overlay !== undefined;

/** Whether overlays can be carried by what is to carry them. */
export function checkOverlays(segments: readonly SegmentDraft[], nodes: readonly NodeDraft[], names: Names, report: Report): void {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const overlaid = segments.filter(isOverlaid);
  for (const segment of overlaid) {
    const under = checkUnder(segment, byName, names, report);
    if (under === undefined) continue;
    checkFamilies(segment, under, report);
    checkEndpoints(segment, nodes, report);
    checkFits(segment, carrierOverhead(segment.overlay, under), { under }, report);
  }
  checkApart(overlaid, report);
  checkInOne(overlaid, nodes, byName, report);
}

/** Undefined where something is wrong with them. */
function checkUnder(
  { name, overlay, origin, spec }: Overlaid,
  byName: ReadonlyMap<string, SegmentDraft>,
  names: Names,
  report: Report,
): readonly SegmentDraft[] | undefined {
  const placeOf = (index: number) => {
    const place = [...origin, 'overlay', 'over'];
    return 'overlay' in spec && typeof spec.overlay?.over === 'string' ? place : [...place, index];
  };
  const under: SegmentDraft[] = [];
  for (const [index, text] of overlay.over.entries()) {
    const segment = byName.get(text);
    if (segment === undefined) {
      report.error('unknown-network', placeOf(index), `there is no network \`${text}\``, {
        remedy: names.didYouMean(text, names.segments.keys(), `Name the network that carries \`${name}\`.`),
      });
    } else if (carries(segment, name, byName, new Set())) {
      report.error(
        'overlay-circle',
        placeOf(index),
        `\`${name}\` would be carried by itself${text === name ? '' : `, through \`${text}\``}`,
        {
          remedy: 'At the bottom there has to be a network without `overlay`.',
        },
      );
    } else under.push(segment);
  }
  return under.length === overlay.over.length && under.length > 0 ? under : undefined;
}

function carries({ name, overlay }: SegmentDraft, wanted: string, byName: ReadonlyMap<string, SegmentDraft>, above: Set<string>): boolean {
  if (name === wanted) return true;
  if (above.has(name)) return false;
  above.add(name);
  return (overlay?.over ?? []).some((under) => {
    const segment = byName.get(under);
    return segment !== undefined && carries(segment, wanted, byName, above);
  });
}

function checkFamilies({ name, overlay, origin }: Overlaid, under: readonly SegmentDraft[], report: Report): void {
  const { group } = overlay;
  if (group !== undefined && under.length > 1) {
    report.error(
      'overlay-group',
      [...origin, 'overlay', 'group'],
      `\`${name}\` has a multicast group, which no router passes on, and ${under.length} networks under it`,
      {
        remedy: 'Leave `group` out: then each machine is sent to by itself.',
      },
    );
    return;
  }
  // Where a subnet is wrong, that is what is said.
  if (under.some(({ subnets }) => subnets.length === 0) || outerFamily(overlay, under) !== undefined) return;
  if (group !== undefined) {
    report.error(
      'overlay-group',
      [...origin, 'overlay', 'group'],
      `the group of \`${name}\` is of IPv${group.family}, which ${listed(overlay.over)} has no subnet of`,
      {
        remedy: 'Take a group of the other family, or give the network a second subnet.',
      },
    );
  } else {
    report.error('overlay-families', [...origin, 'overlay', 'over'], `${listed(overlay.over)} have no address family in common`, {
      remedy: 'Packets between the machines need one: give the networks subnets of the same family.',
    });
  }
}

function checkEndpoints({ name, overlay, origin }: Overlaid, nodes: readonly NodeDraft[], report: Report): void {
  const members = nodes.flatMap((node) => node.legs.filter(({ segment }) => segment === name).map((leg) => ({ node, leg })));
  for (const { node, leg } of members) {
    if (node.kind === 'bridge') {
      report.error(
        'overlay-bridge',
        leg.origin,
        `the bridge \`${node.name}\` cannot be in \`${name}\`, which is an overlay: a bridge has no address to send from`,
        {
          remedy: 'Join machines to the overlay, or route between the networks.',
        },
      );
    } else if (legUnder(node, overlay.over) === undefined) {
      report.error(
        'overlay-endpoint',
        leg.origin,
        `\`${node.name}\` is in \`${name}\`, and not in ${listed(overlay.over)} that carries it`,
        {
          at: 'key',
          remedy: `Put it in ${listed(overlay.over.slice(0, 1))} too: from its address there it sends what \`${name}\` carries.`,
          related: [{ message: `what carries \`${name}\``, origin: [...origin, 'overlay', 'over'] }],
        },
      );
    }
  }
  if (overlay.type === 'vxlan' || members.length > 1) return;
  const who = members.length === 0 ? 'nobody' : 'one machine';
  report.error(
    'overlay-pair',
    [...origin, 'overlay', 'type'],
    `${who} is in \`${name}\`; an overlay of type \`${overlay.type}\` joins two or more`,
    {
      remedy: 'Put two machines or routers in it.',
    },
  );
}

/** Of two that are told apart by nothing, each would get what is for the other. */
function checkApart(overlaid: readonly Overlaid[], report: Report): void {
  for (const [index, { name, overlay, origin }] of overlaid.entries()) {
    const twin = overlaid.slice(0, index).find((other) => {
      const { type, id, port, over } = other.overlay;
      return type === overlay.type && id === overlay.id && port === overlay.port && over.some((under) => overlay.over.includes(under));
    });
    if (twin === undefined) continue;
    report.error(
      'overlay-id',
      [...origin, 'overlay', 'id'],
      `\`${name}\` and \`${twin.name}\` have the same id, ${overlay.id}, over the same network`,
      {
        remedy: 'Give one of them another.',
        related: [{ message: `the id of \`${twin.name}\``, origin: [...twin.origin, 'overlay', 'id'] }],
      },
    );
  }
}

/** In one machine, VXLAN devices are told apart by number, port and address family alone (vxlan_vni_in_use). */
function checkInOne(
  overlaid: readonly Overlaid[],
  nodes: readonly NodeDraft[],
  byName: ReadonlyMap<string, SegmentDraft>,
  report: Report,
): void {
  const familyOf = ({ overlay }: Overlaid) =>
    outerFamily(
      overlay,
      overlay.over.flatMap((under) => byName.get(under) ?? []),
    );
  for (const [index, segment] of overlaid.entries()) {
    const { name, overlay, origin } = segment;
    if (overlay.type !== 'vxlan') continue;
    for (const other of overlaid.slice(0, index)) {
      const { type, id, port, over } = other.overlay;
      if (type !== 'vxlan' || id !== overlay.id || port !== overlay.port || familyOf(other) !== familyOf(segment)) continue;
      if (over.some((under) => overlay.over.includes(under))) continue;
      const both = nodes.find(({ legs }) => [name, other.name].every((wanted) => legs.some((leg) => leg.segment === wanted)));
      if (both === undefined) continue;
      report.error(
        'overlay-id',
        [...origin, 'overlay', 'id'],
        `\`${name}\` and \`${other.name}\` have the same id, ${id}, and \`${both.name}\` is in both`,
        {
          remedy: 'Give one of them another.',
          related: [{ message: `the id of \`${other.name}\``, origin: [...other.origin, 'overlay', 'id'] }],
        },
      );
    }
  }
}
