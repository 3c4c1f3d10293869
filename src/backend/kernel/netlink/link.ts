/** Links (rtnetlink(7), linux/if_link.h): making, changing and reading network devices. */

import { macToBytes } from '../../../address/bytes.ts';
import { AF_INET, AF_INET6 } from '../libc.ts';
import { textOfMac } from './ip-bytes.ts';
import { eachAttribute, type MessageWriter, NLM_F_CREATE, NLM_F_EXCL, textOf } from './message.ts';
import type { NetlinkSocket } from './socket.ts';
import { type HeldTunnel, tunnelSettings } from './tunnel-data.ts';

export const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
const RTM_SETLINK = 19;

export const IFINFOMSG = 16;
const IFF_UP = 1;
/** Kinds of hardware (linux/if_arp.h), of which nothing but the loopback has this one. */
const ARPHRD_LOOPBACK = 772;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_QDISC = 6;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_IFALIAS = 20;
const IFLA_AF_SPEC = 26;
export const IFLA_NET_NS_FD = 28;
const IFLA_EXT_MASK = 29;
const IFLA_LINK_NETNSID = 37;
const IFLA_TARGET_NETNSID = 46;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_INFO_SLAVE_DATA = 5;
const IFLA_BRPORT_STATE = 1;
const BR_STATE_LISTENING = 1;
const BR_STATE_LEARNING = 2;
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_AGEING_TIME = 4;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_VLAN_FILTERING = 7;
const IFLA_BR_VLAN_DEFAULT_PVID = 39;
const IFLA_BR_MULTI_BOOLOPT = 46;
const BR_BOOLOPT_NO_LL_LEARN = 1 << 0;
const IFLA_VLAN_ID = 1;
const IFLA_MACVLAN_MODE = 1;
const MACVLAN_MODE_BRIDGE = 4;
const IFLA_INET_CONF = 1;
/** IPV4_DEVCONF_ROUTE_LOCALNET of linux/ip.h. */
const ROUTE_LOCALNET = 26;
const IFLA_INET6_ADDR_GEN_MODE = 8;
const IN6_ADDR_GEN_MODE_NONE = 1;
/** Counters are two thirds of what there is to say of a device. */
const RTEXT_FILTER_SKIP_STATS = 8;

/** The kernel counts bridge times in hundredths of a second (USER_HZ). */
const HUNDREDTHS = 100;

/** A network device as the kernel reports it. */
export interface Device {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge`, …; empty for physical devices and the loopback. */
  readonly kind: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly alias: string;
  /** The kind of what queues its packets: `noqueue`, `netem`, `tbf`, …. */
  readonly queueing: string;
  /** Index of the bridge it is a port of; 0 for none. */
  readonly master: number;
  /** Index of the device it sits on, perhaps in another namespace; 0 for none. */
  readonly parent: number;
  /** Number by which this namespace knows the parent's; undefined where it is the same. */
  readonly parentNamespace: number | undefined;
  readonly bridge: BridgeSettings | undefined;
  readonly tunnel: HeldTunnel | undefined;
  /** The VLAN of a device of the kind `vlan`. */
  readonly vlan: number | undefined;
  /** Whether it is a port of a bridge that listens or learns, and will forward frames later (IEEE 802.1D, 8.4). */
  readonly waiting: boolean;
  /** Whether packets of 127.0.0.0/8 may pass it (`route_localnet` of ip-sysctl). */
  readonly localnet: boolean;
}

export interface BridgeSettings {
  readonly stp: boolean;
  /** Seconds. */
  readonly forwardDelay: number;
  /** Seconds. */
  readonly ageing: number;
  /** A kernel that cannot do it ignores the wish. */
  readonly vlanFiltering?: true;
}

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

function bridgeData(writer: MessageWriter, settings: BridgeSettings): void {
  writer.u32(IFLA_BR_FORWARD_DELAY, Math.round(settings.forwardDelay * HUNDREDTHS));
  writer.u32(IFLA_BR_AGEING_TIME, Math.round(settings.ageing * HUNDREDTHS));
  writer.u32(IFLA_BR_STP_STATE, settings.stp ? 1 : 0);
  if (settings.vlanFiltering === true) {
    writer.u8(IFLA_BR_VLAN_FILTERING, 1);
    // A new port is in VLAN 1 otherwise.
    writer.raw(IFLA_BR_VLAN_DEFAULT_PVID, Buffer.alloc(2));
  }
  // Frames to the switch itself (01:80:c2:00:00:0x) are hidden from nftables, and anybody could take another's address by one.
  writer.raw(IFLA_BR_MULTI_BOOLOPT, flags(BR_BOOLOPT_NO_LL_LEARN));
}

/** struct br_boolopt_multi: these are set, and no others changed. */
function flags(set: number): Buffer {
  const options = Buffer.alloc(8);
  options.writeUInt32LE(set, 0);
  options.writeUInt32LE(set, 4);
  return options;
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

export interface Sought {
  /** The number by which this namespace knows the one that is meant; its own where nothing is said. */
  readonly namespace?: number | undefined;
  /** False leaves out the loopback, of which as much is to be said as of all else in a machine. */
  readonly loopback?: boolean;
}

/** All devices of a namespace. */
export function devices(socket: NetlinkSocket, { namespace, loopback = true }: Sought = {}): readonly Device[] {
  const found: Device[] = [];
  socket.dump(
    RTM_GETLINK,
    IFINFOMSG,
    (writer) => {
      writer.u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
      if (namespace !== undefined) writer.u32(IFLA_TARGET_NETNSID, namespace);
    },
    ({ type, body }) => {
      if (type === RTM_NEWLINK && (loopback || body.readUInt16LE(2) !== ARPHRD_LOOPBACK)) found.push(deviceIn(body));
    },
  );
  return found;
}

function deviceIn(body: Buffer): Device {
  const device = {
    index: body.readInt32LE(4),
    name: '',
    kind: '',
    mac: '',
    mtu: 0,
    up: (body.readUInt32LE(8) & IFF_UP) !== 0,
    alias: '',
    queueing: '',
    master: 0,
    parent: 0,
    parentNamespace: undefined as number | undefined,
    bridge: undefined as BridgeSettings | undefined,
    tunnel: undefined as HeldTunnel | undefined,
    vlan: undefined as number | undefined,
    waiting: false,
    localnet: false,
  };
  eachAttribute(body, IFINFOMSG, body.length, (type, start, end) => {
    if (type === IFLA_IFNAME) device.name = textOf(body, start, end);
    else if (type === IFLA_ADDRESS) device.mac = textOfMac(body, start, end);
    else if (type === IFLA_MTU) device.mtu = body.readUInt32LE(start);
    else if (type === IFLA_QDISC) device.queueing = textOf(body, start, end);
    else if (type === IFLA_IFALIAS) device.alias = textOf(body, start, end);
    else if (type === IFLA_MASTER) device.master = body.readUInt32LE(start);
    else if (type === IFLA_LINK) device.parent = body.readUInt32LE(start);
    else if (type === IFLA_LINK_NETNSID) device.parentNamespace = body.readInt32LE(start);
    else if (type === IFLA_LINKINFO) Object.assign(device, linkInfo(body, start, end));
    else if (type === IFLA_AF_SPEC) device.localnet = localnetIn(body, start, end);
  });
  return device;
}

function localnetIn(body: Buffer, from: number, to: number): boolean {
  let localnet = false;
  eachAttribute(body, from, to, (family, familyStart, familyEnd) => {
    if (family !== AF_INET) return;
    eachAttribute(body, familyStart, familyEnd, (type, start) => {
      // An array with a word for each setting, the first being number one.
      if (type === IFLA_INET_CONF) localnet = body.readUInt32LE(start + (ROUTE_LOCALNET - 1) * 4) !== 0;
    });
  });
  return localnet;
}

function linkInfo(body: Buffer, from: number, to: number): Pick<Device, 'kind' | 'bridge' | 'tunnel' | 'vlan' | 'waiting'> {
  let kind = '';
  let waiting = false;
  let bridge: BridgeSettings | undefined;
  let tunnel: HeldTunnel | undefined;
  let vlan: number | undefined;
  // The kernel tells the kind first.
  eachAttribute(body, from, to, (type, start, end) => {
    if (type === IFLA_INFO_KIND) kind = textOf(body, start, end);
    else if (type === IFLA_INFO_DATA && kind === 'bridge') bridge = bridgeSettings(body, start, end);
    else if (type === IFLA_INFO_DATA && kind === 'vlan') vlan = vlanIn(body, start, end);
    else if (type === IFLA_INFO_DATA) tunnel = tunnelSettings(kind, body, start, end);
    else if (type === IFLA_INFO_SLAVE_DATA) waiting = waits(body, start, end);
  });
  return { kind, bridge, tunnel, vlan, waiting };
}

function vlanIn(body: Buffer, from: number, to: number): number {
  let id = 0;
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_VLAN_ID) id = body.readUInt16LE(start);
  });
  return id;
}

function waits(body: Buffer, from: number, to: number): boolean {
  let state = 0;
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_BRPORT_STATE) state = body.readUInt8(start);
  });
  return state === BR_STATE_LISTENING || state === BR_STATE_LEARNING;
}

function bridgeSettings(body: Buffer, from: number, to: number): BridgeSettings {
  const settings: { -readonly [Field in keyof BridgeSettings]: BridgeSettings[Field] } = { stp: false, forwardDelay: 0, ageing: 0 };
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_BR_STP_STATE) settings.stp = body.readUInt32LE(start) !== 0;
    else if (type === IFLA_BR_VLAN_FILTERING && body.readUInt8(start) !== 0) settings.vlanFiltering = true;
    else if (type === IFLA_BR_FORWARD_DELAY) settings.forwardDelay = body.readUInt32LE(start) / HUNDREDTHS;
    else if (type === IFLA_BR_AGEING_TIME) settings.ageing = body.readUInt32LE(start) / HUNDREDTHS;
  });
  return settings;
}
