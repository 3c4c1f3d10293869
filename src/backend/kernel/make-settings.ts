/** What is done to one namespace once its wires are there. */
import { isDeepStrictEqual } from 'node:util';
import type { Making } from '../../plan/backend.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Ifb } from '../../resource/ifb.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import type { Qdisc } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Veth } from '../../resource/veth.ts';
import type { Vlan } from '../../resource/vlan.ts';
import { configureEnd, joinVlans, setOffload, withoutLinkLocal } from './configure-device.ts';
import { type IndexOf, indicesIn } from './device-indices.ts';
import { markText } from './mark.ts';
import { addAddress } from './netlink/address.ts';
import { addEntry } from './netlink/forwarding.ts';
import { changeDevice, create, createVlan, isolate, setUp } from './netlink/link.ts';
import { putQdisc } from './netlink/qdisc.ts';
import { endRedirect, NOTHING_TO_END, redirect } from './netlink/redirect.ts';
import { putRoute } from './netlink/route.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { createTunnel } from './netlink/tunnel.ts';
import { type Site, throwFirst, visit } from './visit.ts';

type Setting =
  | { readonly near: Veth; readonly fresh: boolean }
  | { readonly upper: Tunnel | Vlan; readonly fresh: boolean }
  | { readonly ifb: Ifb; readonly fresh: boolean }
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
  if (after.kind === 'tunnel' || after.kind === 'vlan') return [{ upper: after, fresh: before === undefined }];
  if (after.kind === 'ifb') return [{ ifb: after, fresh: before === undefined }];
  return after.kind === 'macvlan' || after.kind === 'address' || after.kind === 'qdisc' || after.kind === 'forwarding-entry' ? [after] : [];
}

const isRightNear = (before: Veth, after: Veth): boolean => before.mtu === after.mtu && isDeepStrictEqual(before.ends[0], after.ends[0]);

export function settingSide(setting: Setting): string {
  if ('near' in setting) return setting.near.ends[0].namespace;
  if ('ifb' in setting) return setting.ifb.namespace;
  return 'upper' in setting ? setting.upper.namespace : setting.namespace;
}

export function makeSettings(site: Site, namespace: string, settings: readonly Setting[]): void {
  visit(site, namespace, (socket) => {
    const indexOf = indicesIn(socket);
    // The index of what is still in the batch cannot be asked for.
    const waiting = new Set<string>();
    const sendWaiting = (): void => {
      throwFirst(socket.flush());
      waiting.clear();
    };
    for (const setting of settings) {
      if ('near' in setting) configureEnd(site, socket, setting.near, 0, setting.fresh, indexOf);
      else if ('upper' in setting) {
        const { device, parent = '', master = '' } = { master: undefined, ...setting.upper };
        if (waiting.has(parent) || waiting.has(master)) sendWaiting();
        makeUpper(site, socket, setting.upper, setting.fresh, indexOf);
        waiting.add(device);
      } else if ('ifb' in setting) continue;
      else if (setting.kind === 'macvlan') configureMacvlan(socket, setting);
    }
    if (settings.some((setting) => 'upper' in setting || ('near' in setting && setting.near.ends[0].vlans !== undefined))) sendWaiting();
    joinVlans(
      socket,
      settings.flatMap((setting) => ('near' in setting ? [setting.near.ends[0]] : [])),
      indexOf,
    );
    const ifbs = settings.filter((setting) => 'ifb' in setting);
    if (ifbs.length > 0) {
      sendWaiting();
      makeIfbs(site, socket, ifbs, indexOf);
    }
    for (const setting of settings) {
      if ('near' in setting || 'upper' in setting || 'ifb' in setting) continue;
      if (setting.kind === 'forwarding-entry') addEntry(socket, indexOf(setting.device), setting.mac, setting.to);
      else if (setting.kind === 'qdisc') putQdisc(socket, indexOf(setting.device), setting);
      else if (setting.kind === 'address') addAddress(socket, indexOf(setting.device), setting.address, setting.secondary);
      else if (setting.kind === 'route')
        putRoute(socket, { ...setting, device: setting.device === undefined ? undefined : indexOf(setting.device) }, setting.replace);
    }
    throwFirst(socket.flush());
    for (const setting of settings) {
      if ('near' in setting) setOffload(socket, setting.near.ends[0], setting.fresh);
      else if ('upper' in setting && setting.upper.kind === 'tunnel') setOffload(socket, setting.upper, setting.fresh);
    }
  });
}

function configureMacvlan(socket: NetlinkSocket, { device, mac, mtu, up }: Macvlan): void {
  changeDevice(socket, device, { mac, mtu });
  withoutLinkLocal(socket, { device, mtu });
  setUp(socket, device, up);
}

/** The devices first, so that nothing is sent to one that is not there. */
function makeIfbs(
  site: Site,
  socket: NetlinkSocket,
  ifbs: readonly { readonly ifb: Ifb; readonly fresh: boolean }[],
  indexOf: IndexOf,
): void {
  for (const { ifb, fresh } of ifbs) {
    const { device, mtu, up } = ifb;
    if (fresh) create(socket, 'ifb', ifb, `ifb ${device}`, () => undefined);
    changeDevice(socket, device, {
      alias: markText({ bottle: site.bottle, kind: 'ifb', name: device, end: 0 }),
      ...(fresh ? {} : { mtu }),
    });
    withoutLinkLocal(socket, ifb);
    setUp(socket, device, up);
  }
  throwFirst(socket.flush());
  for (const { ifb } of ifbs) endRedirect(socket, indexOf(ifb.of), `what ${ifb.of} receives`);
  throwFirst(socket.flush(), NOTHING_TO_END);
  for (const { ifb } of ifbs) redirect(socket, indexOf(ifb.of), indexOf(ifb.device), `what ${ifb.of} receives through ${ifb.device}`);
  throwFirst(socket.flush());
}

/** A device that sits on others of its namespace: the batch marks what it makes. */
function makeUpper(site: Site, socket: NetlinkSocket, upper: Tunnel | Vlan, fresh: boolean, indexOf: IndexOf): void {
  const { kind, device, mac, mtu, up, parent } = upper;
  const lower = parent === undefined ? undefined : indexOf(parent);
  if (fresh && kind === 'tunnel') createTunnel(socket, upper, upper, lower);
  else if (fresh && kind === 'vlan') createVlan(socket, upper, upper.id, lower ?? 0);
  changeDevice(socket, device, { alias: markText({ bottle: site.bottle, kind, name: device, end: 0 }), ...(fresh ? {} : { mac, mtu }) });
  withoutLinkLocal(socket, upper);
  if (kind === 'tunnel' && upper.master !== undefined) {
    changeDevice(socket, device, { master: indexOf(upper.master) });
    isolate(socket, device, upper.isolated === true);
  } else if (!fresh) changeDevice(socket, device, { master: 0 });
  setUp(socket, device, up);
}
