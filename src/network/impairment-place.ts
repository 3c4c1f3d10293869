import type { Origin } from '../diagnostic/diagnostic.ts';
import type { NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/** Whether there is anything between the machines of a network that is the bottle's own. */
const hasCables = ({ mode }: SegmentDraft): boolean => mode.kind !== 'macvlan';

export function checkImpairments(segments: readonly SegmentDraft[], nodes: readonly NodeDraft[], report: Report): void {
  const without = new Map(segments.filter((segment) => !hasCables(segment)).map((segment) => [segment.name, segment]));
  const refuse = ({ name }: SegmentDraft, origin: Origin): void =>
    report.error('impair-without-cable', origin, `\`${name}\` has no cables that could be impaired`, {
      remedy: 'Its machines sit on an interface of the host. Join it with `by: veth`, or leave it out.',
    });
  for (const segment of without.values()) {
    if (segment.impairment !== undefined) refuse(segment, [...segment.origin, 'impair']);
    if (segment.hostImpairment !== undefined) refuse(segment, [...segment.origin, 'attach', 'impair']);
  }
  for (const { legs } of nodes)
    for (const { segment: name, impairment, origin } of legs) {
      const segment = without.get(name);
      if (segment !== undefined && impairment !== undefined) refuse(segment, [...origin, 'impair']);
    }
}
