/** Cables that a person knows of: from a machine, router or bridge into a network, or between the two ends of a link. */
import type { Network, Segment } from '../network/network.ts';
import type { Resource } from '../resource/kinds.ts';
import { kindOf } from '../resource/kinds.ts';
import { deviceKey, onLinkKey } from '../resource/resource.ts';
import type { Veth } from '../resource/veth.ts';
import { hasSwitch, pluggedOf } from './placement.ts';

/** What only we know of, trunks between the parts of a large switch and the way to the host, is called `@…`. */
export const isCable = ({ name }: Veth): boolean => !name.startsWith('@');

export interface Cable {
  /** Of its veth: `web/dmz`. That of a link is called after the end whose name comes first. */
  readonly name: string;
  /** As people know it: `web/dmz`, or the name of the link. */
  readonly title: string;
  readonly segment: Segment;
  readonly nodes: readonly string[];
}

export const cablesOf = (network: Network): readonly Cable[] =>
  pluggedOf(network).flatMap(({ segment, plugs }): readonly Cable[] => {
    const nodes = plugs.map(({ node }) => node.name);
    if (segment.kind === 'link') return [{ name: `${nodes.toSorted()[0]}/${segment.name}`, title: segment.name, segment, nodes }];
    if (!hasSwitch(segment)) return [];
    return nodes.map((node) => ({ name: `${node}/${segment.name}`, title: `${node}/${segment.name}`, segment, nodes: [node] }));
  });

/**
 * With cables pulled out: the far end goes down, and the near one loses its carrier and keeps all that it has. A far end that
 * is a machine's loses what the kernel takes from a device that goes down, its routes and IPv6 addresses.
 */
export function withoutCarrier(pulled: ReadonlySet<string>, resources: readonly Resource[]): readonly Resource[] {
  const gone = new Set<string>();
  const changed = resources.map((resource) => {
    if (resource.kind !== 'veth' || !pulled.has(resource.name)) return resource;
    const [near, far] = resource.ends;
    if (far.master === undefined) gone.add(deviceKey(far.namespace, far.device));
    return { ...resource, ends: [near, { ...far, up: false }] as const };
  });
  const lost = new Set<string>();
  const kept = changed.filter((resource) => {
    if (resource.kind !== 'address' || !gone.has(deviceKey(resource.namespace, resource.device))) return true;
    lost.add(onLinkKey(resource.namespace, resource.device, resource.address));
    return false;
  });
  return kept.filter(
    (resource) =>
      !kindOf(resource)
        .requires(resource)
        .some((key) => lost.has(key)),
  );
}
