/** Trunks that are tunnels, between switches that run in machines. */

import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { TrunkSpec } from '../../spec/schema/trunk.ts';
import { listOf } from '../one-or-more.ts';
import type { Carrier } from '../overlay/mtu.ts';
import { DEFAULT_TTL, LARGEST_VNI, PORTS } from '../overlay/overlay.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import type { TrunkTunnel } from './cables.ts';

/** A tunnel as the file has it, checked on its own. */
export interface TunnelDraft extends Omit<TrunkTunnel, 'ends'> {
  /** Names of networks, of which each of the two machines is in one. */
  readonly over: readonly string[];
}

/** Undefined for a cable. */
export function readTunnel(spec: TrunkSpec, origin: Origin, report: Report): TunnelDraft | undefined {
  const { over, type = 'vxlan', id = 0, ttl = DEFAULT_TTL } = spec;
  if (over === undefined) {
    for (const key of ['type', 'id', 'port', 'ttl'] as const) {
      if (spec[key] === undefined) continue;
      report.error('trunk-over', [...origin, key], `\`${key}\` is for a tunnel, and this trunk is a cable`, {
        at: 'key',
        remedy: 'Write `over:` with the network that carries it, or leave it out.',
      });
    }
    return undefined;
  }
  if (type === 'gre' && spec.port !== undefined)
    report.error('overlay-key', [...origin, 'port'], '`port` does not go with `type: gre`: GRE has no ports', {
      at: 'key',
      remedy: 'Leave it out.',
    });
  if (type !== 'gre' && id > LARGEST_VNI)
    report.error('overlay-id', [...origin, 'id'], `${id} is too large for a network identifier, which has 24 bits`, {
      remedy: `Take one from 0 to ${LARGEST_VNI}.`,
    });
  const port = type === 'gre' ? undefined : (spec.port ?? PORTS[type]);
  return { over: listOf(over), type, id, ...(port !== undefined && { port }), ttl };
}

/** A network that nothing on its trunk has to be told from. */
export function aloneOn(carried: readonly SegmentDraft[]): string | undefined {
  const [only, ...others] = carried;
  return only !== undefined && others.length === 0 && !('vlan' in only.spec && only.spec.vlan !== undefined) ? only.name : undefined;
}

/** By the names of networks, the tunnels between switches that carry them; only looked at, not checked. */
export function tunnelsUnder({ switches = {} }: BottleFile, segments: readonly SegmentDraft[]): ReadonlyMap<string, readonly Carrier[]> {
  const carriers = new Map<string, readonly Carrier[]>();
  for (const [name, { trunks = {} }] of Object.entries(switches)) {
    for (const [other, spec] of Object.entries(trunks)) {
      const { over, allow, native, type = 'vxlan' } = spec;
      if (over === undefined) continue;
      const carried = segments.filter(
        ({ name: segment, switches: on }) => on.includes(name) && on.includes(other) && (allow?.includes(segment) ?? true),
      );
      const untagged = native ?? aloneOn(carried);
      for (const segment of carried) {
        const carrier = { over: listOf(over), type, tagged: segment.name !== untagged };
        carriers.set(segment.name, [...(carriers.get(segment.name) ?? []), carrier]);
      }
    }
  }
  return carriers;
}
