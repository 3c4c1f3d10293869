/** What is done to one namespace once its wires are there. */
import { isDeepStrictEqual } from 'node:util';
import type { Making } from '../../plan/backend.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Veth } from '../../resource/veth.ts';
import { configureEnd, setOffload, withoutLinkLocal } from './configure-device.ts';
import { indicesIn } from './device-indices.ts';
import { addAddress } from './netlink/address.ts';
import { changeDevice, setUp } from './netlink/link.ts';
import { putRoute } from './netlink/route.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { type Site, throwFirst, visit } from './visit.ts';

type Setting = { readonly near: Veth; readonly fresh: boolean } | Macvlan | DeviceAddress | (Route & { readonly replace: boolean });

export function settingsOf({ before, after }: Making): readonly Setting[] {
  // The other end may be one of a thousand in a switch, and each of theirs a visit.
  if (after.kind === 'veth')
    return before?.kind === 'veth' && isRightNear(before, after) ? [] : [{ near: after, fresh: before === undefined }];
  // A namespace of ours is ours to put right; on the host, a route that is not ours stays.
  if (after.kind === 'route') return [{ ...after, replace: before !== undefined || after.namespace !== HOST }];
  return after.kind === 'macvlan' || after.kind === 'address' ? [after] : [];
}

const isRightNear = (before: Veth, after: Veth): boolean => before.mtu === after.mtu && isDeepStrictEqual(before.ends[0], after.ends[0]);

export const settingSide = (setting: Setting): string => ('near' in setting ? setting.near.ends[0].namespace : setting.namespace);

export function makeSettings(site: Site, namespace: string, settings: readonly Setting[]): void {
  visit(site, namespace, (socket) => {
    const indexOf = indicesIn(socket);
    for (const setting of settings) {
      if ('near' in setting) configureEnd(site, socket, setting.near, 0, setting.fresh, indexOf);
      else if (setting.kind === 'macvlan') configureMacvlan(socket, setting);
    }
    for (const setting of settings) {
      if ('near' in setting) continue;
      if (setting.kind === 'address') addAddress(socket, indexOf(setting.device), setting.address, setting.secondary);
      else if (setting.kind === 'route')
        putRoute(socket, { ...setting, device: setting.device === undefined ? undefined : indexOf(setting.device) }, setting.replace);
    }
    throwFirst(socket.flush());
    for (const setting of settings) if ('near' in setting) setOffload(socket, setting.near.ends[0], setting.fresh);
  });
}

function configureMacvlan(socket: NetlinkSocket, { device, mac, mtu, up }: Macvlan): void {
  changeDevice(socket, device, { mac, mtu });
  withoutLinkLocal(socket, { device, mtu });
  setUp(socket, device, up);
}
