/** What rtnetlink says of tunnels, and is told (linux/if_link.h, linux/if_tunnel.h): VXLAN, Geneve, and GRE that carries Ethernet. */
import { bytesOf, textOfAddress } from './ip-bytes.ts';
import { eachAttribute, type MessageWriter } from './message.ts';

const IFLA_VXLAN_ID = 1;
const IFLA_VXLAN_GROUP = 2;
const IFLA_VXLAN_LINK = 3;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_TTL = 5;
const IFLA_VXLAN_LEARNING = 7;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_GROUP6 = 16;
const IFLA_VXLAN_LOCAL6 = 17;

const IFLA_GENEVE_ID = 1;
const IFLA_GENEVE_REMOTE = 2;
const IFLA_GENEVE_TTL = 3;
const IFLA_GENEVE_PORT = 5;
const IFLA_GENEVE_REMOTE6 = 7;

const IFLA_GRE_IFLAGS = 2;
const IFLA_GRE_OFLAGS = 3;
const IFLA_GRE_IKEY = 4;
const IFLA_GRE_OKEY = 5;
const IFLA_GRE_LOCAL = 6;
const IFLA_GRE_REMOTE = 7;
const IFLA_GRE_TTL = 8;
const IFLA_GRE_FLAGS = 13;
const GRE_KEY = 0x2000;
/** Without it, each packet gets 8 bytes of an option that limits how deep tunnels nest (RFC 2473, 6.6). */
const IP6_TNL_F_IGN_ENCAP_LIMIT = 0x1;

/** What the kernel knows of a tunnel, as the resource has it. */
export interface TunnelSettings {
  readonly type: 'vxlan' | 'geneve' | 'gre';
  readonly id: number;
  readonly port?: number;
  readonly local?: string;
  readonly remote?: string;
  readonly ttl: number;
  readonly learning?: boolean;
}

/** As the kernel reports it. */
export interface HeldTunnel extends TunnelSettings {
  /** Index of the device that it leaves by; 0 where routes say so. */
  readonly link: number;
}

const isTunnelKind = (kind: string): boolean => ['vxlan', 'geneve', 'gretap', 'ip6gretap'].includes(kind);

export const isSix = (address: string | undefined): boolean => address?.includes(':') === true;

/** Writes the attributes for a tunnel; one with a multicast group leaves by the device with the index `parent`. */
export function tunnelData(writer: MessageWriter, settings: TunnelSettings, parent: number | undefined): void {
  if (settings.type === 'vxlan') vxlanData(writer, settings, parent);
  else if (settings.type === 'geneve') geneveData(writer, settings);
  else greData(writer, settings);
}

function vxlanData(writer: MessageWriter, { id, port, local, remote, ttl, learning }: TunnelSettings, parent: number | undefined): void {
  writer.u32(IFLA_VXLAN_ID, id);
  if (port !== undefined) writer.raw(IFLA_VXLAN_PORT, inNetworkOrder16(port));
  if (local !== undefined) writer.raw(isSix(local) ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, bytesOf(local));
  if (remote !== undefined) writer.raw(isSix(remote) ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, bytesOf(remote));
  if (parent !== undefined) writer.u32(IFLA_VXLAN_LINK, parent);
  writer.u8(IFLA_VXLAN_TTL, ttl);
  writer.u8(IFLA_VXLAN_LEARNING, learning === true ? 1 : 0);
}

function geneveData(writer: MessageWriter, { id, port, remote, ttl }: TunnelSettings): void {
  writer.u32(IFLA_GENEVE_ID, id);
  if (port !== undefined) writer.raw(IFLA_GENEVE_PORT, inNetworkOrder16(port));
  if (remote !== undefined) writer.raw(isSix(remote) ? IFLA_GENEVE_REMOTE6 : IFLA_GENEVE_REMOTE, bytesOf(remote));
  writer.u8(IFLA_GENEVE_TTL, ttl);
}

function greData(writer: MessageWriter, { id, local, remote, ttl }: TunnelSettings): void {
  for (const flags of [IFLA_GRE_IFLAGS, IFLA_GRE_OFLAGS]) writer.raw(flags, inNetworkOrder16(GRE_KEY));
  for (const key of [IFLA_GRE_IKEY, IFLA_GRE_OKEY]) writer.raw(key, inNetworkOrder32(id));
  if (local !== undefined) writer.raw(IFLA_GRE_LOCAL, bytesOf(local));
  if (remote !== undefined) writer.raw(IFLA_GRE_REMOTE, bytesOf(remote));
  writer.u8(IFLA_GRE_TTL, ttl);
  if (isSix(remote)) writer.u32(IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
}

function inNetworkOrder16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function inNetworkOrder32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What the kernel says of a device of this kind in IFLA_INFO_DATA; undefined where it is no tunnel. */
export function tunnelSettings(kind: string, body: Buffer, from: number, to: number): HeldTunnel | undefined {
  if (!isTunnelKind(kind)) return undefined;
  const read = kind === 'vxlan' ? readVxlan : kind === 'geneve' ? readGeneve : readGre;
  return read(body, from, to);
}

type Draft = { -readonly [Field in keyof HeldTunnel]: HeldTunnel[Field] };

function readVxlan(body: Buffer, from: number, to: number): HeldTunnel {
  const settings: Draft = { type: 'vxlan', id: 0, ttl: 0, link: 0 };
  eachAttribute(body, from, to, (type, start, end) => {
    if (type === IFLA_VXLAN_ID) settings.id = body.readUInt32LE(start);
    else if (type === IFLA_VXLAN_PORT) settings.port = body.readUInt16BE(start);
    else if (type === IFLA_VXLAN_LOCAL || type === IFLA_VXLAN_LOCAL6) settings.local = textOfAddress(body, start, end);
    else if (type === IFLA_VXLAN_GROUP || type === IFLA_VXLAN_GROUP6) settings.remote = textOfAddress(body, start, end);
    else if (type === IFLA_VXLAN_LINK) settings.link = body.readUInt32LE(start);
    else if (type === IFLA_VXLAN_TTL) settings.ttl = body.readUInt8(start);
    else if (type === IFLA_VXLAN_LEARNING) settings.learning = body.readUInt8(start) !== 0;
  });
  return settings;
}

function readGeneve(body: Buffer, from: number, to: number): HeldTunnel {
  const settings: Draft = { type: 'geneve', id: 0, ttl: 0, link: 0 };
  eachAttribute(body, from, to, (type, start, end) => {
    if (type === IFLA_GENEVE_ID) settings.id = body.readUInt32LE(start);
    else if (type === IFLA_GENEVE_PORT) settings.port = body.readUInt16BE(start);
    else if (type === IFLA_GENEVE_REMOTE || type === IFLA_GENEVE_REMOTE6) settings.remote = textOfAddress(body, start, end);
    else if (type === IFLA_GENEVE_TTL) settings.ttl = body.readUInt8(start);
  });
  return settings;
}

function readGre(body: Buffer, from: number, to: number): HeldTunnel {
  const settings: Draft = { type: 'gre', id: 0, ttl: 0, link: 0 };
  eachAttribute(body, from, to, (type, start, end) => {
    if (type === IFLA_GRE_OKEY) settings.id = body.readUInt32BE(start);
    else if (type === IFLA_GRE_LOCAL) settings.local = textOfAddress(body, start, end);
    else if (type === IFLA_GRE_REMOTE) settings.remote = textOfAddress(body, start, end);
    else if (type === IFLA_GRE_TTL) settings.ttl = body.readUInt8(start);
  });
  return settings;
}
