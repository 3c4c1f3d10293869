/** Network devices as the kernel reports them (rtnetlink(7), linux/if_link.h). */
import { AF_INET } from '../libc.ts';
import { type BridgeSettings, bridgeSettings, type PortState, portState } from './bridge-data.ts';
import { textOfMac } from './ip-bytes.ts';
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
  RTM_GETLINK,
  RTM_NEWLINK,
} from './link-attributes.ts';
import { eachAttribute, textOf } from './message.ts';
import type { NetlinkSocket } from './socket.ts';
import { type HeldTunnel, tunnelSettings } from './tunnel-data.ts';

/** Kinds of hardware (linux/if_arp.h), of which nothing but the loopback has this one. */
const ARPHRD_LOOPBACK = 772;
const IFLA_QDISC = 6;
const IFLA_EXT_MASK = 29;
const IFLA_LINK_NETNSID = 37;
const IFLA_TARGET_NETNSID = 46;
/** Counters are two thirds of what there is to say of a device. */
const RTEXT_FILTER_SKIP_STATS = 8;

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
  /** Undefined where it is no port of a bridge. */
  readonly port: PortState | undefined;
  /** Whether packets of 127.0.0.0/8 may pass it (`route_localnet` of ip-sysctl). */
  readonly localnet: boolean;
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
    port: undefined as PortState | undefined,
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

function linkInfo(body: Buffer, from: number, to: number): Pick<Device, 'kind' | 'bridge' | 'tunnel' | 'vlan' | 'port'> {
  let kind = '';
  let ofBridge = false;
  let port: PortState | undefined;
  let bridge: BridgeSettings | undefined;
  let tunnel: HeldTunnel | undefined;
  let vlan: number | undefined;
  // The kernel tells the kind first.
  eachAttribute(body, from, to, (type, start, end) => {
    if (type === IFLA_INFO_KIND) kind = textOf(body, start, end);
    else if (type === IFLA_INFO_DATA && kind === 'bridge') bridge = bridgeSettings(body, start, end);
    else if (type === IFLA_INFO_DATA && kind === 'vlan') vlan = vlanIn(body, start, end);
    else if (type === IFLA_INFO_DATA) tunnel = tunnelSettings(kind, body, start, end);
    else if (type === IFLA_INFO_SLAVE_KIND) ofBridge = textOf(body, start, end) === 'bridge';
    else if (type === IFLA_INFO_SLAVE_DATA && ofBridge) port = portState(body, start, end);
  });
  return { kind, bridge, tunnel, vlan, port };
}

function vlanIn(body: Buffer, from: number, to: number): number {
  let id = 0;
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_VLAN_ID) id = body.readUInt16LE(start);
  });
  return id;
}
