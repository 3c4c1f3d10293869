/** What flows match, read from the words of ovs-fields(7): each a field with its value, or a protocol. */
import type { Family } from '../address/ip.ts';
import { parseAddress } from '../address/parse.ts';
import { bitsOf } from '../address/prefix.ts';
import { type FlowField, fields, type Layers, protocols } from './field.ts';

/** The bits of a field that the mask has are those of the value. Ports are asked for by their names. */
export type Condition =
  | { readonly field: 'in_port'; readonly port: string }
  | { readonly field: string; readonly value: bigint; readonly mask: bigint; readonly bits: number };

/** One word of a match, read; or what is wrong with it, and what it should be. */
export type Word =
  | { readonly ok: true; readonly name: string; readonly value: string; readonly conditions: readonly Condition[] }
  | { readonly ok: false; readonly unknown: boolean; readonly name: string; readonly reason: string };

/** `tcp_dst=80`, or `tcp`. */
export function readWord(text: string): Word {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const value = at < 0 ? '' : text.slice(at + 1).trim();
  const wrong = (reason: string, unknown = false): Word => ({ ok: false, unknown, name, reason });
  const layers = Object.hasOwn(protocols, name) ? protocols[name] : undefined;
  if (layers !== undefined)
    return at < 0
      ? { ok: true, name, value, conditions: conditionsOf(layers) }
      : wrong(`\`${name}\` is a protocol, and stands without a value`);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) return wrong(`there is no field \`${name}\``, true);
  if (value === '') return wrong(`\`${name}\` wants a value, \`${name}=…\``);
  const condition = readValue(field, value);
  if (condition !== undefined) return { ok: true, name, value, conditions: [condition] };
  return wrong(`\`${value}\` is no value of \`${name}\`, which is ${kindText(field)}`);
}

/** What protocols and types say of the frames that a match speaks of. */
export function layersOf(conditions: readonly Condition[]): Layers {
  const is = (wanted: string): number | undefined => {
    const found = conditions.find((one) => one.field === wanted);
    return found !== undefined && 'value' in found ? Number(found.value) : undefined;
  };
  const [etherType, ipProtocol] = [is('eth_type'), is('ip_proto')];
  return { ...(etherType !== undefined && { etherType }), ...(ipProtocol !== undefined && { ipProtocol }) };
}

const TAG_PRESENT = 0x1000n;

/** Whether frames that meet a match have a tag. `dl_vlan=0xffff` says that they have none (ovs-fields(7)). */
export const hasTag = (conditions: readonly Condition[]): boolean =>
  conditions.some((one) => {
    if (!('value' in one)) return false;
    if (one.field === 'dl_vlan') return one.value < 0xfffn;
    if (one.field === 'dl_vlan_pcp') return true;
    return ['vlan_vid', 'vlan_tci'].includes(one.field) && (one.value & one.mask & TAG_PRESENT) !== 0n;
  });

/** Open vSwitch does not look at fields that the frames need not have. */
export function isThere(name: string, { etherType, ipProtocol }: Layers): boolean {
  const of = fields[name]?.of ?? [];
  return (
    of.length === 0 || of.some((one) => one.etherType === etherType && (one.ipProtocol === undefined || one.ipProtocol === ipProtocol))
  );
}

/** The protocols of whose frames a field is: `tcp` or `tcp6`. */
export const protocolsOf = (name: string): readonly string[] =>
  Object.entries(protocols)
    .filter(([, layers]) => fields[name]?.of.some((one) => one.etherType === layers.etherType && one.ipProtocol === layers.ipProtocol))
    .map(([protocol]) => protocol);

const exactly = (field: string, value: number, bits: number): Condition => ({
  field,
  value: BigInt(value),
  mask: (1n << BigInt(bits)) - 1n,
  bits,
});

const conditionsOf = ({ etherType, ipProtocol }: Layers): readonly Condition[] => [
  ...(etherType === undefined ? [] : [exactly('eth_type', etherType, 16)]),
  ...(ipProtocol === undefined ? [] : [exactly('ip_proto', ipProtocol, 8)]),
];

function readValue({ is, value: kind, bits, masked }: FlowField, text: string): Condition | undefined {
  if (kind === 'port') return { field: 'in_port', port: text };
  const [plain = '', mask, more] = text.split('/');
  if (more !== undefined || (mask !== undefined && !masked)) return undefined;
  const width = kind === 'mac' ? 48 : kind === 'ipv4' ? 32 : kind === 'ipv6' ? 128 : bits;
  const all = (1n << BigInt(width)) - 1n;
  const read = (one: string): bigint | undefined =>
    kind === 'mac' ? readMac(one) : kind === 'number' ? readNumber(one, all) : readIp(one, kind === 'ipv4' ? 4 : 6);
  const value = read(plain);
  const asked = mask === undefined ? all : isLength(kind, mask) ? lengthMask(width, mask) : read(mask);
  return value === undefined || asked === undefined ? undefined : { field: is, value: value & asked, mask: asked, bits: width };
}

const isLength = (kind: FlowField['value'], mask: string): boolean => (kind === 'ipv4' || kind === 'ipv6') && /^\d+$/.test(mask);

function lengthMask(width: number, text: string): bigint | undefined {
  const length = Number(text);
  return length > width ? undefined : ((1n << BigInt(length)) - 1n) << BigInt(width - length);
}

const readMac = (text: string): bigint | undefined =>
  /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined;

function readNumber(text: string, most: bigint): bigint | undefined {
  if (!/^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) return undefined;
  const value = BigInt(text);
  return value <= most ? value : undefined;
}

function readIp(text: string, family: Family): bigint | undefined {
  const parsed = parseAddress(text);
  return parsed.ok && parsed.value.family === family && bitsOf(family) > 0 ? parsed.value.value : undefined;
}

function kindText({ value, bits, masked }: FlowField): string {
  const part = masked ? ', or one with a mask' : '';
  if (value === 'number') return `a number from 0 to ${2 ** bits - 1}${part}`;
  return value === 'mac' ? `a MAC address${part}` : value === 'port' ? 'a port' : `an ${value === 'ipv4' ? 'IPv4' : 'IPv6'} address${part}`;
}
