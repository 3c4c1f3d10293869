/** A namespace as packets find it. */

import type { ModelRoute, Station } from '../model.ts';
import type { Draft } from './draft.ts';

export function stationOf(namespace: string, draft: Draft): Station {
  const { devices, addresses, tables, switching, listeners, forwarding, reversePaths, programs } = draft;
  const onLink = addresses.map(({ prefix, device }): ModelRoute => ({ to: prefix, device }));
  // Longest prefix first; of the same length, what is on the link.
  const routes = [...onLink, ...draft.routes]
    .filter((route) => !isIgnored(draft, route))
    .toSorted((one, other) => other.to.length - one.to.length);
  return {
    namespace,
    devices,
    addresses,
    routes,
    forwards: (family) => forwarding.has(family),
    reversePath: (device) => reversePathOf(reversePaths, device),
    tables,
    programs: switching,
    listeners,
    hasPrograms: programs > 0,
  };
}

function isIgnored({ ignoring, devices }: Draft, { to, device }: ModelRoute): boolean {
  if (!ignoring.has(to.family)) return false;
  let at = device === undefined ? undefined : devices.get(device);
  while (at?.tag !== undefined) at = devices.get(at.tag.parent);
  return at?.down === true || at?.noCarrier === true;
}

/** The larger one of the device's own setting, which is the default's at first, and that for all (IN_DEV_RPFILTER). */
function reversePathOf(settings: ReadonlyMap<string, number>, device: string): 0 | 1 | 2 {
  const largest = Math.max(settings.get('all') ?? 0, settings.get(device) ?? settings.get('default') ?? 0);
  return largest === 1 ? 1 : largest === 2 ? 2 : 0;
}
