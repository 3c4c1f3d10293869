/** What flows change in frames, one after the other. */

import type { Address } from '../../../address/ip.ts';
import { fields } from '../../../openflow/field.ts';
import type { Packet } from '../../packet.ts';
import { HOP_LIMIT } from '../../raw-bits.ts';
import type { Change } from './effects.ts';

/** Fields that the proof sets. */
const SET: ReadonlySet<string> = new Set(['eth_src', 'eth_dst', 'ip_src', 'ip_dst', 'ipv6_src', 'ipv6_dst', 'tp_src', 'tp_dst', 'nw_ttl']);

/** Frames to several receivers, and packets without a hop left, are others than those that the proof follows. */
export function isFollowed(change: Change): boolean {
  if (change.kind !== 'set') return change.kind === 'dec_ttl';
  const { field, value, mask, bits } = change;
  if (!SET.has(field) || mask !== (1n << BigInt(bits)) - 1n) return false;
  return !(field === 'nw_ttl' && value < 1n) && !(field.startsWith('eth_') && isGroup(value));
}

/** The lowest bit of the first byte (IEEE 802.3, 3.2.3). */
const isGroup = (mac: bigint): boolean => ((mac >> 40n) & 1n) === 1n;

/** The MAC addresses that frames have afterwards, other than before. */
export function macsAfter(changes: readonly Change[]): Pick<Packet, 'etherSource' | 'etherDestination'> {
  const last = (field: string): string | undefined => {
    const change = changes.findLast((one) => one.kind === 'set' && one.field === field);
    return change?.kind === 'set' ? macText(change.value) : undefined;
  };
  const [etherSource, etherDestination] = [last('eth_src'), last('eth_dst')];
  return { ...(etherSource !== undefined && { etherSource }), ...(etherDestination !== undefined && { etherDestination }) };
}

export const macText = (value: bigint): string => (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');

/** Addresses that frames get. */
export function addressesIn(changes: readonly Change[]): readonly Address[] {
  return changes.flatMap((change): readonly Address[] => {
    if (change.kind !== 'set') return [];
    const { field, value } = change;
    return field === 'ip_src' || field === 'ip_dst' ? [{ family: 4, value }] : field.startsWith('ipv6_') ? [{ family: 6, value }] : [];
  });
}

/** Whether frames of a protocol have what is set; Open vSwitch leaves others as they are (mf_are_prereqs_ok). */
export function applies({ name }: Extract<Change, { kind: 'set' }>, family: Packet['family'], protocol: number): boolean {
  const of = fields[name]?.of ?? [];
  const etherType = family === 4 ? 0x0800 : 0x86dd;
  return of.length === 0 || of.some((one) => one.etherType === etherType && (one.ipProtocol === undefined || one.ipProtocol === protocol));
}

/** A frame as it is afterwards; undefined where its last hop was counted (compose_dec_ttl of ofproto-dpif-xlate.c). */
export function changed(frame: Packet, changes: readonly Change[]): Packet | undefined {
  let now = frame;
  for (const change of changes) {
    if (change.kind === 'set') now = applies(change, now.family, now.protocol) ? { ...now, ...given(change) } : now;
    else {
      const { hopLimit = HOP_LIMIT } = now;
      if (hopLimit <= 1) return undefined;
      now = { ...now, hopLimit: hopLimit - 1 };
    }
  }
  return now;
}

function given({ field, value }: Extract<Change, { kind: 'set' }>): Partial<Packet> {
  const family = field.startsWith('ipv6_') ? 6 : 4;
  switch (field) {
    case 'eth_src':
      return { etherSource: macText(value) };
    case 'eth_dst':
      return { etherDestination: macText(value) };
    case 'tp_src':
      return { sourcePort: Number(value) };
    case 'tp_dst':
      return { destinationPort: Number(value) };
    case 'nw_ttl':
      return { hopLimit: Number(value) };
    default:
      return field.endsWith('_src') ? { source: { family, value } } : { destination: { family, value } };
  }
}
