/** Makes and changes what the kernel holds, with one visit to each namespace for its wires and one for its settings. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Making } from '../../plan/backend.ts';
import type { DeviceAddress } from '../../resource/address.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { BridgePort } from '../../resource/bridge-port.ts';
import { identityOf, type Resource } from '../../resource/kinds.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import { setChecksumOffload } from './ethtool.ts';
import { changeHostSetting } from './host-settings.ts';
import { markText } from './mark.ts';
import { makeNamespaces } from './namespaces.ts';
import { addAddress } from './netlink/address.ts';
import {
  changeBridge,
  changeDevice,
  createBridge,
  createMacvlan,
  createVeth,
  devices,
  moveDevice,
  renameDevice,
  setUp,
} from './netlink/link.ts';
import { putRoute } from './netlink/route.ts';
import type { RouteSocket } from './netlink/socket.ts';
import { writeSysctls } from './sysctl.ts';
import { eachInTurn, groupBy, pathOf, type Site, throwFirst, visit } from './visit.ts';

type Wire = Bridge | BridgePort | Veth | Macvlan;
/** What is done to one namespace once the wires are there. */
type Setting = { readonly near: Veth; readonly fresh: boolean } | Macvlan | DeviceAddress | (Route & { readonly replace: boolean });

export async function make(site: Site, makings: readonly Making[]): Promise<void> {
  // Settings before the wires, because new devices take theirs from the namespace's defaults.
  const sysctls = groupBy(
    makings.flatMap(({ after }) => (after.kind === 'sysctl' ? [after] : [])),
    ({ namespace }) => namespace,
  );
  const namespaces = makings.flatMap(({ after }) => (after.kind === 'namespace' ? [after.name] : []));
  if (namespaces.length > 0) await makeNamespaces(site, namespaces, (name) => sysctls.get(name) ?? []);
  const fresh = new Set(namespaces);
  await eachInTurn(sysctls, ([namespace, group]) => {
    if (!fresh.has(namespace)) makeSysctls(site, namespace, group);
  });
  const wires = makings.filter((making): making is Making & { readonly after: Wire } => isWire(making.after));
  await eachInTurn(
    groupBy(wires, ({ after }) => wireSide(after)),
    ([namespace, group]) => makeWires(site, namespace, group),
  );
  const settings = makings.flatMap(settingsOf);
  await eachInTurn(groupBy(settings, settingSide), ([namespace, group]) => makeSettings(site, namespace, group));
}

const isWire = (resource: Resource): resource is Wire => ['bridge', 'bridge-port', 'veth', 'macvlan'].includes(resource.kind);

/** The namespace in which a wire is made. */
function wireSide(wire: Wire): string {
  if (wire.kind === 'bridge') return wire.namespace;
  return wire.kind === 'veth' ? wire.ends[1].namespace : HOST;
}

function settingsOf({ before, after }: Making): readonly Setting[] {
  if (after.kind === 'veth') return [{ near: after, fresh: before === undefined }];
  // A namespace of ours is ours to put right; on the host, a route that is not ours stays.
  if (after.kind === 'route') return [{ ...after, replace: before !== undefined || after.namespace !== HOST }];
  return after.kind === 'macvlan' || after.kind === 'address' ? [after] : [];
}

const settingSide = (setting: Setting): string => ('near' in setting ? setting.near.ends[0].namespace : setting.namespace);

function makeWires(site: Site, namespace: string, makings: readonly (Making & { readonly after: Wire })[]): void {
  visit(site, namespace, (socket) => {
    const descriptors: number[] = [];
    if (namespace === HOST)
      makeOnHost(
        site,
        socket,
        makings.flatMap(({ before, after }) => (before === undefined ? [after] : [])),
      );
    for (const { before, after } of makings)
      if (after.kind === 'bridge') makeBridge(site, socket, after, before === undefined && namespace !== HOST);
    throwFirst(socket.flush());
    const indices = new Map(devices(socket).map(({ name, index }) => [name, index]));
    try {
      for (const { before, after } of makings) {
        if (after.kind === 'veth') makeVeth(site, socket, after, before === undefined && namespace !== HOST, indices, descriptors);
        else if (after.kind === 'macvlan' && before === undefined) makeMacvlan(site, socket, after, indices);
        else if (after.kind === 'bridge-port') changeDevice(socket, after.device, { master: indexOf(indices, after.master) });
        // Descriptors are closed as soon as the kernel has read them: libnftables cannot stand 1,024 open ones.
        if (descriptors.length >= 128) sendOff(socket, descriptors);
      }
      sendOff(socket, descriptors);
    } finally {
      descriptors.forEach(closeSync);
    }
    for (const { before, after } of makings) if (after.kind === 'veth') setOffload(socket, after.ends[1], before === undefined);
  });
}

function sendOff(socket: RouteSocket, descriptors: number[]): void {
  throwFirst(socket.flush());
  descriptors.splice(0).forEach(closeSync);
}

function indexOf(indices: ReadonlyMap<string, number>, device: string): number {
  const index = indices.get(device);
  if (index === undefined) throw new Error(`there is no device ${device}`);
  return index;
}

function makeBridge(site: Site, socket: RouteSocket, bridge: Bridge, fresh: boolean): void {
  if (fresh) createBridge(socket, bridge, bridge);
  else changeBridge(socket, bridge.device, bridge);
  const alias = markText({ bottle: site.bottle, kind: 'bridge', name: bridge.device, end: 0 });
  changeDevice(socket, bridge.device, { alias, ...(fresh ? {} : { mac: bridge.mac, mtu: bridge.mtu }) });
  withoutLinkLocal(socket, bridge);
  setUp(socket, bridge.device, bridge.up);
}

function makeVeth(
  site: Site,
  socket: RouteSocket,
  veth: Veth,
  fresh: boolean,
  indices: ReadonlyMap<string, number>,
  descriptors: number[],
): void {
  const [near, far] = veth.ends;
  if (fresh) {
    const peer = openSync(pathOf(site, near.namespace), 'r');
    descriptors.push(peer);
    createVeth(socket, { ...far, mtu: veth.mtu }, { ...near, mtu: veth.mtu }, peer);
  }
  configureEnd(site, socket, veth, 1, fresh, indices);
}

/** IPv6 is off on a device with a smaller MTU (RFC 8200, section 5), and then knows nothing of its settings. */
const LEAST_MTU_OF_IPV6 = 1280;
const kernelHasIPv6 = existsSync('/proc/net/if_inet6');
const hasIPv6 = ({ mtu }: { readonly mtu: number }): boolean => kernelHasIPv6 && mtu >= LEAST_MTU_OF_IPV6;

/** In a message of its own, because a change of the MTU switches IPv6 on. */
function withoutLinkLocal(socket: RouteSocket, device: { readonly device: string; readonly mtu: number }): void {
  if (hasIPv6(device)) changeDevice(socket, device.device, { noLinkLocal: true });
}

/** The mark goes on in the same batch as the making, so that no unmarked device is left by whoever is killed in between. */
function configureEnd(site: Site, socket: RouteSocket, veth: Veth, end: 0 | 1, fresh: boolean, indices: ReadonlyMap<string, number>): void {
  const { device, mac, master, up } = veth.ends[end];
  changeDevice(socket, device, {
    alias: markText({ bottle: site.bottle, kind: 'veth', name: veth.name, end }),
    ...(fresh && hasIPv6(veth) ? { noLinkLocal: true } : {}),
    ...(master === undefined ? (fresh ? {} : { master: 0 }) : { master: indexOf(indices, master) }),
    ...(fresh ? {} : { mac, mtu: veth.mtu }),
  });
  if (!fresh) withoutLinkLocal(socket, { device, mtu: veth.mtu });
  setUp(socket, device, up);
}

/** On every new veth offload is on. */
function setOffload(socket: RouteSocket, { device, checksumOffload }: VethEnd, fresh: boolean): void {
  if (!fresh || !checksumOffload) setChecksumOffload(socket.fd, device, checksumOffload);
}

/** A name on the host that nobody else has, for as long as it takes to mark a device. */
const passingName = (identity: string): string => `nb${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;

/**
 * Makes devices of the host under passing names, marks them, and gives them their names. Were one made and marked under
 * its own name, and had somebody else taken that name a moment ago, the mark would go on the other's device.
 */
function makeOnHost(site: Site, socket: RouteSocket, wires: readonly Wire[]): void {
  const named = new Map<string, string>();
  const descriptors: number[] = [];
  try {
    for (const wire of wires) {
      const passing = passingName(`${site.bottle}/${identityOf(wire)}`);
      if (wire.kind === 'bridge') {
        // With the MTU next to the wanted one, which is set later: one that was changed does not follow the ports any more.
        createBridge(socket, { ...wire, device: passing, mtu: wire.mtu ^ 1 }, wire);
        changeDevice(socket, passing, { alias: markText({ bottle: site.bottle, kind: 'bridge', name: wire.device, end: 0 }) });
        named.set(passing, wire.device);
      } else if (wire.kind === 'veth') {
        const [near, far] = wire.ends;
        const peer = openSync(pathOf(site, near.namespace), 'r');
        descriptors.push(peer);
        createVeth(socket, { ...far, device: passing, mtu: wire.mtu }, { ...near, mtu: wire.mtu }, peer);
        changeDevice(socket, passing, { alias: markText({ bottle: site.bottle, kind: 'veth', name: wire.name, end: 1 }) });
        named.set(passing, far.device);
      }
    }
    throwFirst(socket.flush());
  } finally {
    descriptors.forEach(closeSync);
  }
  if (named.size === 0) return;
  for (const { index, name } of devices(socket)) {
    const device = named.get(name);
    if (device !== undefined) renameDevice(socket, index, device);
  }
  throwFirst(socket.flush());
}

/** Made on the host under a passing name, marked, and moved: the kernel gives it no mark while it makes it elsewhere. */
function makeMacvlan(site: Site, socket: RouteSocket, macvlan: Macvlan, indices: ReadonlyMap<string, number>): void {
  const passing = passingName(`${site.bottle}/${identityOf(macvlan)}`);
  createMacvlan(socket, { ...macvlan, device: passing }, indexOf(indices, macvlan.parent));
  changeDevice(socket, passing, { alias: markText({ bottle: site.bottle, kind: 'macvlan', name: macvlan.parent, end: 0 }) });
  throwFirst(socket.flush());
  const target = openSync(pathOf(site, macvlan.namespace), 'r');
  try {
    moveDevice(socket, indexOf(new Map(devices(socket).map(({ name, index }) => [name, index])), passing), target, macvlan.device);
    throwFirst(socket.flush());
  } finally {
    closeSync(target);
  }
}

function makeSettings(site: Site, namespace: string, settings: readonly Setting[]): void {
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
      if (setting.kind === 'address') addAddress(socket, indexOf(at, setting.device), setting.address);
      else if (setting.kind === 'route')
        putRoute(socket, { ...setting, device: setting.device === undefined ? undefined : indexOf(at, setting.device) }, setting.replace);
    }
  });
}

function configureMacvlan(socket: RouteSocket, { device, mac, mtu, up }: Macvlan): void {
  changeDevice(socket, device, { mac, mtu });
  withoutLinkLocal(socket, { device, mtu });
  setUp(socket, device, up);
}

function makeSysctls(site: Site, namespace: string, sysctls: readonly Sysctl[]): void {
  if (namespace !== HOST) visit(site, namespace, (socket) => writeSysctls(socket, sysctls));
  else for (const { key, value, atLeast } of sysctls) changeHostSetting(site.home, site.bottle, key, value, atLeast === true);
}
