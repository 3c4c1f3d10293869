/** Links (rtnetlink(7), linux/if_link.h): making and changing network devices. */
import { macToBytes } from '../../../address/bytes.ts';
import { AF_INET, AF_INET6 } from '../libc.ts';
import { type BridgeSettings, bridgeData, portData } from './bridge-data.ts';
import {
  IFF_UP,
  IFINFOMSG,
  IFLA_ADDRESS,
  IFLA_AF_SPEC,
  IFLA_IFALIAS,
  IFLA_IFNAME,
  IFLA_INET_CONF,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_INFO_SLAVE_DATA,
  IFLA_INFO_SLAVE_KIND,
  IFLA_LINK,
  IFLA_LINKINFO,
  IFLA_MASTER,
  IFLA_MTU,
  IFLA_VLAN_ID,
  ROUTE_LOCALNET,
  RTM_NEWLINK,
} from './link-attributes.ts';
import { type MessageWriter, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_DELLINK = 17;
const RTM_SETLINK = 19;
export const IFLA_NET_NS_FD = 28;
const IFLA_MACVLAN_MODE = 1;
const MACVLAN_MODE_BRIDGE = 4;
const IFLA_INET6_ADDR_GEN_MODE = 8;
const IN6_ADDR_GEN_MODE_NONE = 1;

export interface NewDevice {
  readonly device: string;
  readonly mac: string;
  readonly mtu: number;
}

export function create(
  socket: NetlinkSocket,
  kind: string,
  link: NewDevice,
  subject: string,
  data: (writer: MessageWriter) => void,
  more?: (writer: MessageWriter) => void,
): number {
  return socket.add(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, IFINFOMSG, subject, (writer) => {
    describe(writer, link);
    more?.(writer);
    writer.nest(IFLA_LINKINFO, () => {
      writer.text(IFLA_INFO_KIND, kind);
      writer.nest(IFLA_INFO_DATA, () => data(writer));
    });
  });
}

export function describe(writer: MessageWriter, link: NewDevice): void {
  writer.text(IFLA_IFNAME, link.device);
  writer.raw(IFLA_ADDRESS, macToBytes(link.mac));
  writer.u32(IFLA_MTU, link.mtu);
}

export function createBridge(socket: NetlinkSocket, link: NewDevice, settings: BridgeSettings): number {
  return create(socket, 'bridge', link, `bridge ${link.device}`, (writer) => bridgeData(writer, settings));
}

export function changeBridge(socket: NetlinkSocket, device: string, settings: BridgeSettings): number {
  return socket.add(RTM_NEWLINK, 0, IFINFOMSG, `bridge ${device}`, (writer) => {
    writer.text(IFLA_IFNAME, device);
    writer.nest(IFLA_LINKINFO, () => {
      writer.text(IFLA_INFO_KIND, 'bridge');
      writer.nest(IFLA_INFO_DATA, () => bridgeData(writer, settings));
    });
  });
}

/** Whether a port of a bridge passes nothing on to other ports that are isolated, too (bridge(8), "isolated"). */
export function isolate(socket: NetlinkSocket, device: string, isolated: boolean): number {
  return socket.add(RTM_NEWLINK, 0, IFINFOMSG, `port ${device}`, (writer) => {
    writer.text(IFLA_IFNAME, device);
    writer.nest(IFLA_LINKINFO, () => {
      writer.text(IFLA_INFO_SLAVE_KIND, 'bridge');
      writer.nest(IFLA_INFO_SLAVE_DATA, () => portData(writer, isolated));
    });
  });
}

/** Makes a macvlan on the device with index `parent` of this namespace. */
export function createMacvlan(socket: NetlinkSocket, link: NewDevice, parent: number): number {
  return create(
    socket,
    'macvlan',
    link,
    `macvlan ${link.device}`,
    (writer) => writer.u32(IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE),
    (writer) => writer.u32(IFLA_LINK, parent),
  );
}

/** Makes a device for the frames of one VLAN on the device with index `parent`. */
export function createVlan(socket: NetlinkSocket, link: NewDevice, id: number, parent: number): number {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(id);
  return create(
    socket,
    'vlan',
    link,
    `vlan ${link.device}`,
    (writer) => writer.raw(IFLA_VLAN_ID, bytes),
    (writer) => writer.u32(IFLA_LINK, parent),
  );
}

export interface DeviceSettings {
  readonly mac?: string;
  readonly mtu?: number;
  readonly alias?: string;
  /** Index of a bridge; 0 leaves the one it is in. */
  readonly master?: number;
  /** No link-local address made by the kernel: ours comes from the plan, without waiting for duplicate detection. */
  readonly noLinkLocal?: boolean;
  /** `route_localnet` of ip-sysctl. */
  readonly localnet?: boolean;
}

/** Changes a device that exists, found by its name. */
export function changeDevice(socket: NetlinkSocket, device: string, settings: DeviceSettings): number {
  return socket.add(RTM_SETLINK, 0, IFINFOMSG, `device ${device}`, (writer) => {
    writer.text(IFLA_IFNAME, device);
    if (settings.mac !== undefined) writer.raw(IFLA_ADDRESS, macToBytes(settings.mac));
    if (settings.mtu !== undefined) writer.u32(IFLA_MTU, settings.mtu);
    if (settings.alias !== undefined) writer.text(IFLA_IFALIAS, settings.alias);
    if (settings.master !== undefined) writer.u32(IFLA_MASTER, settings.master);
    if (settings.noLinkLocal === true || settings.localnet !== undefined) writer.nest(IFLA_AF_SPEC, () => ofFamilies(writer, settings));
  });
}

function ofFamilies(writer: MessageWriter, { noLinkLocal, localnet }: DeviceSettings): void {
  if (localnet !== undefined) writer.nest(AF_INET, () => writer.nest(IFLA_INET_CONF, () => writer.u32(ROUTE_LOCALNET, localnet ? 1 : 0)));
  if (noLinkLocal === true) writer.nest(AF_INET6, () => writer.u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE));
}

/** Moves a device to the namespace of the descriptor, under a new name. */
export function moveDevice(socket: NetlinkSocket, index: number, namespace: number, name: string): number {
  return socket.add(RTM_SETLINK, 0, IFINFOMSG, `device ${name}`, (writer, body, at) => {
    body.writeInt32LE(index, at + 4);
    writer.u32(IFLA_NET_NS_FD, namespace);
    writer.text(IFLA_IFNAME, name);
  });
}

/** Gives a device that is down another name. */
export function renameDevice(socket: NetlinkSocket, index: number, name: string): number {
  return socket.add(RTM_SETLINK, 0, IFINFOMSG, `device ${name}`, (writer, body, at) => {
    body.writeInt32LE(index, at + 4);
    writer.text(IFLA_IFNAME, name);
  });
}

export function setUp(socket: NetlinkSocket, device: string, up: boolean): number {
  return socket.add(RTM_SETLINK, 0, IFINFOMSG, `device ${device}`, (writer, body, at) => {
    body.writeUInt32LE(up ? IFF_UP : 0, at + 8);
    body.writeUInt32LE(IFF_UP, at + 12);
    writer.text(IFLA_IFNAME, device);
  });
}

export function deleteDevice(socket: NetlinkSocket, device: string): number {
  return socket.add(RTM_DELLINK, 0, IFINFOMSG, `device ${device}`, (writer) => writer.text(IFLA_IFNAME, device));
}
