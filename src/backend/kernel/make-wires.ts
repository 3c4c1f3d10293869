/** Makes the wires of one namespace: bridges, cables, and devices on those of the host. */
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Making } from '../../plan/backend.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { BridgePort } from '../../resource/bridge-port.ts';
import { identityOf, type Resource } from '../../resource/kinds.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import { HOST } from '../../resource/resource.ts';
import type { Veth } from '../../resource/veth.ts';
import { configureEnd, joinVlans, setOffload, withoutLinkLocal } from './configure-device.ts';
import { type IndexOf, indicesIn } from './device-indices.ts';
import { markText } from './mark.ts';
import { changeBridge, changeDevice, createBridge, createMacvlan, moveDevice, renameDevice, setUp } from './netlink/link.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { createVeth } from './netlink/veth.ts';
import { pathOf, type Site, throwFirst, visit } from './visit.ts';

type Wire = Bridge | BridgePort | Veth | Macvlan;

export const isWire = (making: Making): making is Making & { readonly after: Wire } => isWireKind(making.after);

const isWireKind = (resource: Resource): resource is Wire => ['bridge', 'bridge-port', 'veth', 'macvlan'].includes(resource.kind);

/** The namespace in which a wire is made. */
export function wireSide(wire: Wire): string {
  if (wire.kind === 'bridge') return wire.namespace;
  return wire.kind === 'veth' ? wire.ends[1].namespace : HOST;
}

export function makeWires(site: Site, namespace: string, makings: readonly (Making & { readonly after: Wire })[]): void {
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
    const indexOf = indicesIn(socket);
    try {
      for (const { before, after } of makings) {
        if (after.kind === 'veth') makeVeth(site, socket, after, before === undefined && namespace !== HOST, indexOf, descriptors);
        else if (after.kind === 'macvlan' && before === undefined) makeMacvlan(site, socket, after, indexOf);
        else if (after.kind === 'bridge-port') changeDevice(socket, after.device, { master: indexOf(after.master) });
        // Descriptors are closed as soon as the kernel has read them: libnftables cannot stand 1,024 open ones.
        if (descriptors.length >= 128) sendOff(socket, descriptors);
      }
      sendOff(socket, descriptors);
    } finally {
      descriptors.forEach(closeSync);
    }
    joinVlans(
      socket,
      makings.flatMap(({ after }) => (after.kind === 'veth' ? [after.ends[1]] : [])),
      indexOf,
    );
    throwFirst(socket.flush());
    for (const { before, after } of makings) if (after.kind === 'veth') setOffload(socket, after.ends[1], before === undefined);
  });
}

function sendOff(socket: NetlinkSocket, descriptors: number[]): void {
  throwFirst(socket.flush());
  descriptors.splice(0).forEach(closeSync);
}

function makeBridge(site: Site, socket: NetlinkSocket, bridge: Bridge, fresh: boolean): void {
  if (fresh) createBridge(socket, bridge, bridge);
  else changeBridge(socket, bridge.device, bridge);
  const alias = markText({ bottle: site.bottle, kind: 'bridge', name: bridge.device, end: 0 });
  changeDevice(socket, bridge.device, { alias, ...(fresh ? {} : { mac: bridge.mac, mtu: bridge.mtu }) });
  withoutLinkLocal(socket, bridge);
  setUp(socket, bridge.device, bridge.up);
}

function makeVeth(site: Site, socket: NetlinkSocket, veth: Veth, fresh: boolean, indexOf: IndexOf, descriptors: number[]): void {
  const [near, far] = veth.ends;
  if (fresh) {
    const peer = openSync(pathOf(site, near.namespace), 'r');
    descriptors.push(peer);
    createVeth(socket, { ...far, mtu: veth.mtu }, { ...near, mtu: veth.mtu }, peer);
  }
  configureEnd(site, socket, veth, 1, fresh, indexOf);
}

/** A name on the host that nobody else has, for as long as it takes to mark a device. */
const passingName = (identity: string): string => `nb${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;

/**
 * Makes devices of the host under passing names, marks them, and gives them their names. Were one made and marked under
 * its own name, and had somebody else taken that name a moment ago, the mark would go on the other's device.
 */
function makeOnHost(site: Site, socket: NetlinkSocket, wires: readonly Wire[]): void {
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
  const indexOf = indicesIn(socket);
  for (const [passing, device] of named) renameDevice(socket, indexOf(passing), device);
  throwFirst(socket.flush());
}

/** Made on the host under a passing name, marked, and moved: the kernel gives it no mark while it makes it elsewhere. */
function makeMacvlan(site: Site, socket: NetlinkSocket, macvlan: Macvlan, indexOf: IndexOf): void {
  const passing = passingName(`${site.bottle}/${identityOf(macvlan)}`);
  createMacvlan(socket, { ...macvlan, device: passing }, indexOf(macvlan.parent));
  changeDevice(socket, passing, { alias: markText({ bottle: site.bottle, kind: 'macvlan', name: macvlan.parent, end: 0 }) });
  throwFirst(socket.flush());
  const target = openSync(pathOf(site, macvlan.namespace), 'r');
  try {
    moveDevice(socket, indexOf(passing), target, macvlan.device);
    throwFirst(socket.flush());
  } finally {
    closeSync(target);
  }
}
