import { localMac } from '../../address/mac.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Devices } from '../devices.ts';
import { hash } from '../hash.ts';
import { type Impairment, sameImpairment } from '../impairment.ts';
import type { Leg } from '../legs.ts';
import type { NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import { largestMtu, type SegmentDraft } from '../segments.ts';
import type { Wire } from './cables.ts';
import { type Switching, switchAt } from './switches.ts';

/** The cables of nodes that carry several networks, by the names of the nodes. */
export function readWires(
  bottle: string,
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  switching: Switching,
  devices: Devices,
  macs: ReadonlyMap<Leg, string>,
  report: Report,
): ReadonlyMap<string, readonly Wire[]> {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const wireOf = ({ name, legs }: NodeDraft, where: string, tagged: readonly Leg[]): Wire => {
    const untagged = legs.find((leg) => leg.tagged !== true && switchAt(leg, switching) === where);
    const all = [...(untagged === undefined ? [] : [untagged]), ...tagged];
    const drafts = all.flatMap(({ segment }) => byName.get(segment) ?? []);
    const impairment = impairmentOf(name, where, all, byName, report);
    const { high, low } = hash(`${bottle} ${name} ${where} wire`);
    return {
      switch: where,
      device: (untagged === undefined ? devices.ofWire.get(`${name} ${where}`) : devices.ofLeg.get(untagged)) ?? '',
      mac: (untagged && macs.get(untagged)) ?? localMac(high, low),
      ...(untagged !== undefined && { untagged: untagged.segment }),
      tagged: tagged.map(({ segment }) => segment),
      mtu: largestMtu(drafts),
      checksumOffload: drafts.every(({ checksumOffload }) => checksumOffload),
      ...(impairment !== undefined && { impairment }),
      origin: (untagged ?? tagged[0])?.origin ?? [],
    };
  };
  return new Map(
    nodes.map((node) => {
      const tagged = groupBy(
        node.legs.filter((leg) => leg.tagged === true),
        (leg) => switchAt(leg, switching) ?? '',
      );
      return [node.name, [...tagged].map(([where, legs]) => wireOf(node, where, legs))];
    }),
  );
}

/** One cable does one thing to packets: what its node says of it, else what all of its networks say of theirs. */
function impairmentOf(
  node: string,
  where: string,
  legs: readonly Leg[],
  segments: ReadonlyMap<string, SegmentDraft>,
  report: Report,
): Impairment | undefined {
  const own = legs.filter(({ impairment }) => impairment !== undefined);
  const isOwn = own.length > 0;
  const [first, ...others] = (isOwn ? own : legs).map((leg) => ({
    leg,
    impairment: isOwn ? leg.impairment : segments.get(leg.segment)?.impairment,
  }));
  const other = others.find(({ impairment }) => !sameImpairment(impairment, first?.impairment));
  if (first === undefined || other === undefined) return first?.impairment;
  const placeOf = ({ origin }: Leg) => (isOwn ? [...origin, 'impair'] : origin);
  report.error(
    'impair-differs',
    placeOf(other.leg),
    `\`${node}\` has one cable to \`${where}\`, of which \`${first.leg.segment}\` and \`${other.leg.segment}\` say different things`,
    {
      at: 'key',
      remedy: isOwn
        ? 'Write the same for both, or leave one out: it is for the whole cable.'
        : `Write \`impair\` for one of them under \`${node}\`: it is then for the whole cable.`,
      related: [{ message: `\`${first.leg.segment}\``, origin: placeOf(first.leg), at: 'key' }],
    },
  );
  return undefined;
}
