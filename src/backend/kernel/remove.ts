/** Takes away what the kernel holds. What is gone already is no error: somebody else may have been quicker. */

import { existsSync } from 'node:fs';
import { groupBy } from '../../collection/group-by.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Ifb } from '../../resource/ifb.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Qdisc } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import { releaseHostSetting } from './host-settings.ts';
import { namespaceInodes, removeNamespaces } from './namespaces.ts';
import { deleteAddress } from './netlink/address.ts';
import { devices } from './netlink/devices.ts';
import { deleteEntry } from './netlink/forwarding.ts';
import { changeDevice, deleteDevice } from './netlink/link.ts';
import { deleteQdisc } from './netlink/qdisc.ts';
import { endRedirect, NOTHING_TO_END } from './netlink/redirect.ts';
import { deleteRoute } from './netlink/route.ts';
import { withSocket } from './netlink/socket.ts';
import { eachInTurn, enter, pathOf, type Site, throwFirst } from './visit.ts';

const GONE = ['ENODEV', 'ENOENT', 'ESRCH', 'EADDRNOTAVAIL', 'ENETUNREACH'];

type Inside =
  | Route
  | DeviceAddress
  | ForwardingEntry
  | Qdisc
  | Ifb
  | { readonly kind: 'device'; readonly namespace: string; readonly device: string }
  | { readonly kind: 'port'; readonly namespace: typeof HOST; readonly device: string };

/** Ends the processes in the network namespaces with these inodes: a namespace lives as long as anything in it. */
export type EndInhabitants = (inodes: ReadonlySet<number>) => Promise<void>;

export async function remove(site: Site, resources: readonly Resource[], endInhabitants: EndInhabitants): Promise<void> {
  const inside = resources.flatMap(insideOf).filter(({ namespace }) => namespace === HOST || existsSync(pathOf(site, namespace)));
  await eachInTurn(
    groupBy(inside, ({ namespace }) => namespace),
    ([namespace, group]) => removeInside(site, namespace, group),
  );
  for (const resource of resources) {
    // Settings inside go with their namespace; until then they are overwritten, never unset.
    if (resource.kind === 'sysctl' && resource.namespace === HOST) releaseHostSetting(site.home, site.bottle, resource.key);
  }
  const namespaces = resources.flatMap((resource) => (resource.kind === 'namespace' ? [resource.name] : []));
  if (namespaces.length === 0) return;
  await endInhabitants(namespaceInodes(site, namespaces));
  await removeNamespaces(site, namespaces);
}

function insideOf(resource: Resource): readonly Inside[] {
  switch (resource.kind) {
    case 'route':
    case 'address':
    case 'forwarding-entry':
    case 'qdisc':
    case 'ifb':
      return [resource];
    case 'veth':
      // Either end takes the other with it. The first is asked for only where the second is lost.
      return [resource.ends[1].device === '' ? resource.ends[0] : resource.ends[1]].map(({ namespace, device }) => ({
        kind: 'device',
        namespace,
        device,
      }));
    case 'bridge':
    case 'macvlan':
    case 'tunnel':
    case 'vlan':
      return [{ kind: 'device', namespace: resource.namespace, device: resource.device }];
    case 'bridge-port':
      return [{ kind: 'port', namespace: HOST, device: resource.device }];
    default:
      return [];
  }
}

function removeInside(site: Site, namespace: string, things: readonly Inside[]): void {
  enter(site, namespace, () =>
    withSocket((socket) => {
      const indices = new Map(devices(socket).map(({ name, index }) => [name, index]));
      for (const thing of things) {
        const received = thing.kind === 'ifb' ? indices.get(thing.of) : undefined;
        if (received !== undefined) endRedirect(socket, received, `what ${thing.device} is for`);
      }
      throwFirst(socket.flush(), NOTHING_TO_END);
      for (const thing of things) {
        if (thing.kind === 'device' || thing.kind === 'ifb') deleteDevice(socket, thing.device);
        else if (thing.kind === 'port') changeDevice(socket, thing.device, { master: 0 });
        else if (thing.kind === 'route')
          deleteRoute(socket, { ...thing, device: thing.device === undefined ? undefined : indices.get(thing.device) });
        else {
          const device = indices.get(thing.device);
          if (device === undefined) continue;
          if (thing.kind === 'address') deleteAddress(socket, device, thing.address);
          else if (thing.kind === 'qdisc') deleteQdisc(socket, device, thing);
          else deleteEntry(socket, device, thing.mac, thing.to);
        }
      }
      throwFirst(socket.flush(), GONE);
    }),
  );
}
