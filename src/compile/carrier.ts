import type { Network } from '../network/network.ts';
import type { Resource } from '../resource/kinds.ts';
import { kindOf } from '../resource/kinds.ts';
import { deviceKey, HOST, onLinkKey } from '../resource/resource.ts';
import { cablelessDevices } from './cableless.ts';

/**
 * With cables pulled out: the far end goes down, and the near one loses its carrier and keeps all that it has. A far end that
 * is a machine's, and a device of its own where there is no cable, lose what the kernel takes from a device that goes down, its routes and IPv6 addresses.
 */
export function withoutCarrier(pulled: ReadonlySet<string>, network: Network, resources: readonly Resource[]): readonly Resource[] {
  const cableless = cablelessDevices(network);
  const isPulled = (namespace: string, device: string): boolean => pulled.has(cableless.get(deviceKey(namespace, device))?.name ?? '');
  const gone = new Set<string>();
  const changed = resources.map((resource): Resource => {
    if (resource.kind === 'tunnel') {
      const { namespace, device, master } = resource;
      if (!isPulled(namespace, master ?? device)) return resource;
      if (master === undefined) gone.add(deviceKey(namespace, device));
      return { ...resource, up: false };
    }
    if (resource.kind === 'macvlan' && isPulled(resource.namespace, resource.device)) {
      gone.add(deviceKey(resource.namespace, resource.device));
      return { ...resource, up: false };
    }
    if (resource.kind !== 'veth' || !pulled.has(resource.name)) return resource;
    const [near, far] = resource.ends;
    // The host is at the second end, and keeps what it has.
    if (far.namespace === HOST) return { ...resource, ends: [{ ...near, up: false }, far] as const };
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
