import type { BroadcastDomain } from './broadcast-domains.ts';
import type { Leg } from './legs.ts';
import { readGiven } from './legs.ts';
import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/**
 * The host's own legs: one in every `host-only`, `nat` and `routed` network.
 *
 * @param onSwitches those by the addresses of switches, by the names of their networks
 */
export function readHostLegs(segments: readonly SegmentDraft[], onSwitches: ReadonlyMap<string, Leg>, report: Report): readonly Leg[] {
  return segments.filter(hasHost).map((segment) => {
    const onSwitch = onSwitches.get(segment.name);
    if (onSwitch !== undefined) return onSwitch;
    const written = 'host' in segment.spec ? segment.spec.host : undefined;
    const plain = typeof written === 'string' || Array.isArray(written);
    const spec = plain ? written : written?.address;
    const origin =
      written === undefined ? segment.origin : [...segment.origin, 'host', ...(plain || spec === undefined ? [] : ['address'])];
    return {
      node: 'host',
      role: 'host',
      segment: segment.name,
      given: readGiven(spec, origin, report),
      auto: true,
      mac: undefined,
      origin,
    };
  });
}

function hasHost({ mode: { kind } }: SegmentDraft): boolean {
  return kind === 'host-only' || kind === 'nat' || kind === 'routed';
}

/** Whether the host forwards between the segment and the world. */
export function isForwarded({ mode: { kind } }: SegmentDraft): boolean {
  return kind === 'nat' || kind === 'routed';
}

/** Two legs in one broadcast domain would give the host two routes to the same subnet. */
export function checkHostLegs(domains: readonly BroadcastDomain[], report: Report): void {
  for (const domain of domains) {
    const [first, second] = domain.segments.filter(hasHost);
    if (first === undefined || second === undefined) continue;
    report.error(
      'two-host-legs',
      [...second.origin, 'mode'],
      `the host would be twice in the same network: \`${first.name}\` is \`${first.mode.kind}\`, \`${second.name}\` is \`${second.mode.kind}\`, and a bridge joins them`,
      {
        remedy: 'Make one of them `internal`.',
        related: [{ message: `the mode of \`${first.name}\``, origin: [...first.origin, 'mode'] }],
      },
    );
  }
}
