/** Between the text of addresses, which is canonical here, and the bytes that the kernel speaks. */
import { toBytes } from '../../../address/bytes.ts';
import { formatGroups } from '../../../address/format.ts';
import { parseAddress } from '../../../address/parse.ts';

export const AF_OF = (address: string): 2 | 10 => (address.includes(':') ? 10 : 2);

/** @throws when the text is no address: what is compiled always is one. */
export function bytesOf(text: string): Uint8Array {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`not an address: ${text}`);
  return toBytes(parsed.value);
}

/** The address in the 4 or 16 bytes from `start` on. Thousands are read, so no bigint is made on the way. */
export function textOfAddress(data: Buffer, start: number, end: number): string {
  if (end - start === 4) return `${data[start]}.${data[start + 1]}.${data[start + 2]}.${data[start + 3]}`;
  if (end - start !== 16) throw new Error(`an address of ${end - start} bytes`);
  const groups: number[] = [];
  for (let at = start; at < end; at += 2) groups.push(data.readUInt16BE(at));
  return formatGroups(groups);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function textOfMac(data: Buffer, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += `${at === start ? '' : ':'}${HEX[data[at] ?? 0]}`;
  return text;
}

export function splitPrefix(text: string): { readonly address: string; readonly length: number } {
  const slash = text.indexOf('/');
  return { address: text.slice(0, slash), length: Number(text.slice(slash + 1)) };
}
