/** What is done to one namespace once its wires are there. */
import type { Making } from '../../plan/backend.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Veth } from '../../resource/veth.ts';
import { configureEnd, indexOf, setOffload, withoutLinkLocal } from './configure-device.ts';
import { addAddress } from './netlink/address.ts';
import { changeDevice, devices, setUp } from './netlink/link.ts';
import { putRoute } from './netlink/route.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { type Site, throwFirst, visit } from './visit.ts';

type Setting = { readonly near: Veth; readonly fresh: boolean } | Macvlan | DeviceAddress | (Route & { readonly replace: boolean });

export function settingsOf({ before, after }: Making): readonly Setting[] {
  if (after.kind === 'veth') return [{ near: after, fresh: before === undefined }];
  // A namespace of ours is ours to put right; on the host, a route that is not ours stays.
  if (after.kind === 'route') return [{ ...after, replace: before !== undefined || after.namespace !== HOST }];
  return after.kind === 'macvlan' || after.kind === 'address' ? [after] : [];
}

export const settingSide = (setting: Setting): string => ('near' in setting ? setting.near.ends[0].namespace : setting.namespace);

export function makeSettings(site: Site, namespace: string, settings: readonly Setting[]): void {
  visit(site, namespace, (socket) => {
    const indices = (): ReadonlyMap<string, number> => new Map(devices(socket).map(({ name, index }) => [name, index]));
    const known = settings.some((setting) => 'near' in setting && setting.near.ends[0].master !== undefined)
      ? indices()
      : new Map<string, number>();
    for (const setting of settings) {
      if ('near' in setting) configureEnd(site, socket, setting.near, 0, setting.fresh, known);
      else if (setting.kind === 'macvlan') configureMacvlan(socket, setting);
    }
    throwFirst(socket.flush());
    for (const setting of settings) if ('near' in setting) setOffload(socket, setting.near.ends[0], setting.fresh);
    if (!settings.some((setting) => !('near' in setting) && (setting.kind === 'address' || setting.kind === 'route'))) return;
    const at = indices();
    for (const setting of settings) {
      if ('near' in setting) continue;
      if (setting.kind === 'address') addAddress(socket, indexOf(at, setting.device), setting.address, setting.secondary);
      else if (setting.kind === 'route')
        putRoute(socket, { ...setting, device: setting.device === undefined ? undefined : indexOf(at, setting.device) }, setting.replace);
    }
  });
}

function configureMacvlan(socket: NetlinkSocket, { device, mac, mtu, up }: Macvlan): void {
  changeDevice(socket, device, { mac, mtu });
  withoutLinkLocal(socket, { device, mtu });
  setUp(socket, device, up);
}
