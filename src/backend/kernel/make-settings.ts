/** What is done to one namespace once its wires are there. */
import { isDeepStrictEqual } from 'node:util';
import type { Making } from '../../plan/backend.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import type { Qdisc } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Veth } from '../../resource/veth.ts';
import { configureEnd, setOffload, withoutLinkLocal } from './configure-device.ts';
import { type IndexOf, indicesIn } from './device-indices.ts';
import { markText } from './mark.ts';
import { addAddress } from './netlink/address.ts';
import { addEntry } from './netlink/forwarding.ts';
import { changeDevice, setUp } from './netlink/link.ts';
import { putQdisc } from './netlink/qdisc.ts';
import { putRoute } from './netlink/route.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { createTunnel } from './netlink/tunnel.ts';
import { type Site, throwFirst, visit } from './visit.ts';

type Setting =
  | { readonly near: Veth; readonly fresh: boolean }
  | { readonly tunnel: Tunnel; readonly fresh: boolean }
  | Macvlan
  | ForwardingEntry
  | Qdisc
  | DeviceAddress
  | (Route & { readonly replace: boolean });

export function settingsOf({ before, after }: Making): readonly Setting[] {
  // The other end may be one of a thousand in a switch, and each of theirs a visit.
  if (after.kind === 'veth')
    return before?.kind === 'veth' && isRightNear(before, after) ? [] : [{ near: after, fresh: before === undefined }];
  // A namespace of ours is ours to put right; on the host, a route that is not ours stays.
  if (after.kind === 'route') return [{ ...after, replace: before !== undefined || after.namespace !== HOST }];
  if (after.kind === 'tunnel') return [{ tunnel: after, fresh: before === undefined }];
  return after.kind === 'macvlan' || after.kind === 'address' || after.kind === 'qdisc' || after.kind === 'forwarding-entry' ? [after] : [];
}

const isRightNear = (before: Veth, after: Veth): boolean => before.mtu === after.mtu && isDeepStrictEqual(before.ends[0], after.ends[0]);

export function settingSide(setting: Setting): string {
  if ('near' in setting) return setting.near.ends[0].namespace;
  return 'tunnel' in setting ? setting.tunnel.namespace : setting.namespace;
}

export function makeSettings(site: Site, namespace: string, settings: readonly Setting[]): void {
  visit(site, namespace, (socket) => {
    const indexOf = indicesIn(socket);
    for (const setting of settings) {
      if ('near' in setting) configureEnd(site, socket, setting.near, 0, setting.fresh, indexOf);
      else if ('tunnel' in setting) makeTunnel(site, socket, setting.tunnel, setting.fresh, indexOf);
      else if (setting.kind === 'macvlan') configureMacvlan(socket, setting);
    }
    // The index of what is still in the batch cannot be asked for.
    if (settings.some((setting) => 'tunnel' in setting)) throwFirst(socket.flush());
    for (const setting of settings) {
      if ('near' in setting || 'tunnel' in setting) continue;
      if (setting.kind === 'forwarding-entry') addEntry(socket, indexOf(setting.device), setting.mac, setting.to);
      else if (setting.kind === 'qdisc') putQdisc(socket, indexOf(setting.device), setting);
      else if (setting.kind === 'address') addAddress(socket, indexOf(setting.device), setting.address, setting.secondary);
      else if (setting.kind === 'route')
        putRoute(socket, { ...setting, device: setting.device === undefined ? undefined : indexOf(setting.device) }, setting.replace);
    }
    throwFirst(socket.flush());
    for (const setting of settings) {
      if ('near' in setting) setOffload(socket, setting.near.ends[0], setting.fresh);
      else if ('tunnel' in setting) setOffload(socket, setting.tunnel, setting.fresh);
    }
  });
}

function configureMacvlan(socket: NetlinkSocket, { device, mac, mtu, up }: Macvlan): void {
  changeDevice(socket, device, { mac, mtu });
  withoutLinkLocal(socket, { device, mtu });
  setUp(socket, device, up);
}

function makeTunnel(site: Site, socket: NetlinkSocket, tunnel: Tunnel, fresh: boolean, indexOf: IndexOf): void {
  const { device, mac, mtu, up, parent } = tunnel;
  if (fresh) createTunnel(socket, tunnel, tunnel, parent === undefined ? undefined : indexOf(parent));
  const alias = markText({ bottle: site.bottle, kind: 'tunnel', name: device, end: 0 });
  changeDevice(socket, device, { alias, ...(fresh ? {} : { mac, mtu }) });
  withoutLinkLocal(socket, tunnel);
  setUp(socket, device, up);
}
