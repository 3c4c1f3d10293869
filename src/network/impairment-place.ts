import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/** What sits on an interface of the host is the bottle's own; the interface is not. */
export function checkImpairments(segments: readonly SegmentDraft[], report: Report): void {
  for (const { name, mode, hostImpairment, origin } of segments)
    if (mode.kind === 'macvlan' && hostImpairment !== undefined)
      report.error(
        'impair-without-cable',
        [...origin, 'attach', 'impair'],
        `\`${name}\` has no cable to \`${mode.parent}\` that could be impaired`,
        {
          remedy: `Write it as \`impair\` of \`${name}\`, for what each of its machines sends and receives, or join it with \`by: veth\`.`,
        },
      );
}
