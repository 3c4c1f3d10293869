import type { Segment } from '../network.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';

type Room = Pick<Segment, 'name' | 'mtu' | 'origin'>;

/** The networks that carry another. */
export interface Way {
  /** Those that the file names. */
  readonly under: readonly Room[];
  /** What its packets pass between these, once that is known; of those under it all is then said. */
  readonly between?: readonly Room[];
}

/** Whether the largest packets that the file asks for fit into what carries them, with so many bytes around them. */
export function checkFits({ mtu, origin, spec }: SegmentDraft, overhead: number, { under, between }: Way, report: Report): void {
  const outer = mtu + overhead;
  const narrow = (between ?? under).toSorted((one, other) => one.mtu - other.mtu).find((segment) => segment.mtu < outer);
  if (spec.mtu === undefined || narrow === undefined) return;
  const left = Math.min(...[...under, ...(between ?? [])].map((segment) => segment.mtu)) - overhead;
  const where = between === undefined ? '' : ' on the way';
  report.warn(
    'overlay-mtu',
    [...origin, 'mtu'],
    `packets of ${mtu} bytes do not fit: with what carries them they have ${outer}, and \`${narrow.name}\`${where} takes ${narrow.mtu}`,
    {
      remedy: `Leave \`mtu\` out (it then is ${left}), or set \`mtu: ${outer}\` for \`${narrow.name}\`.`,
      related: [{ message: `\`${narrow.name}\``, origin: narrow.origin, at: 'key' }],
    },
  );
}
