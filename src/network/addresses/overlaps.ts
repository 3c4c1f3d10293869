import { formatPrefix } from '../../address/format.ts';
import type { Prefix } from '../../address/ip.ts';
import { lastOf, samePrefix } from '../../address/prefix.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';

/** No address may be in two networks: a packet for it could go either way. */
export function checkOverlaps(domains: readonly BroadcastDomain[], report: Report): void {
  const blocks = domains
    .flatMap((domain) => domain.subnets.map((subnet) => ({ subnet, segment: domain.segments[0] as SegmentDraft })))
    .toSorted((a, b) => a.subnet.family - b.subnet.family || compare(a.subnet.value, b.subnet.value) || a.subnet.length - b.subnet.length);
  let widest = blocks[0];
  for (const block of blocks.slice(1)) {
    if (widest === undefined) break;
    const apart = block.subnet.family !== widest.subnet.family || block.subnet.value > lastOf(widest.subnet);
    if (apart) widest = block;
    else reportOverlap(widest, block, report);
  }
}

interface Block {
  readonly subnet: Prefix;
  readonly segment: SegmentDraft;
}

function reportOverlap(outer: Block, inner: Block, report: Report): void {
  const [a, b] = [outer.segment.name, inner.segment.name];
  const same = samePrefix(outer.subnet, inner.subnet);
  const message = same
    ? `\`${a}\` and \`${b}\` have the same subnet, \`${formatPrefix(inner.subnet)}\``
    : `the subnet of \`${b}\`, \`${formatPrefix(inner.subnet)}\`, lies in that of \`${a}\`, \`${formatPrefix(outer.subnet)}\``;
  const bridgeable = outer.segment.kind === 'network' && inner.segment.kind === 'network' && same;
  report.error('overlapping-subnets', subnetOrigin(inner), message, {
    remedy: bridgeable ? 'Give one of them another subnet, or join them with a bridge (`bridges:`).' : 'Give one of them another subnet.',
    related: [{ message: `the subnet of \`${a}\``, origin: subnetOrigin(outer) }],
  });
}

function subnetOrigin({ segment, subnet }: Block) {
  const spec = segment.spec.subnet;
  const origin = [...segment.origin, 'subnet'];
  if (typeof spec === 'string') return origin;
  const index = spec.indexOf(formatPrefix(subnet));
  return index < 0 ? origin : [...origin, index];
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
