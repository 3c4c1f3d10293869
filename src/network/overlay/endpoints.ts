import type { Family } from '../../address/ip.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { Devices } from '../devices.ts';
import type { Leg } from '../legs.ts';
import type { NodeDraft } from '../nodes.ts';
import type { SegmentDraft } from '../segments.ts';
import { outerFamily } from './mtu.ts';
import type { Endpoint } from './tunnel.ts';

/** The node's interface in what carries the overlay: in the first of these networks that it is in. */
export function legUnder(node: NodeDraft, over: readonly string[]): Leg | undefined {
  for (const name of over) {
    const leg = node.legs.find(({ segment, role }) => segment === name && role === 'interface');
    if (leg !== undefined) return leg;
  }
  return undefined;
}

/** The endpoints of each overlay, by its name and in the order of the file. */
export function readEndpoints(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  addresses: Addresses,
  devices: Devices,
): ReadonlyMap<string, readonly Endpoint[]> {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const endpoints = new Map<string, readonly Endpoint[]>();
  for (const { name, overlay } of segments) {
    if (overlay === undefined) continue;
    const family = outerFamily(
      overlay,
      overlay.over.flatMap((under) => byName.get(under) ?? []),
    );
    const members = nodes.filter(({ legs }) => legs.some(({ segment }) => segment === name));
    endpoints.set(
      name,
      members.flatMap((node) => endpointOf(node, legUnder(node, overlay.over), family, addresses, devices)),
    );
  }
  return endpoints;
}

export function endpointOf(
  node: NodeDraft,
  leg: Leg | undefined,
  family: Family | undefined,
  addresses: Addresses,
  devices: Devices,
): readonly Endpoint[] {
  const own = leg && addresses.get(leg)?.find(({ address }) => address.family === family);
  if (leg === undefined || own === undefined) return [];
  return [{ node: node.name, device: devices.ofLeg.get(leg) ?? '', address: own.address }];
}
