/** Between the text of addresses, which is canonical here, and the bytes that the kernel speaks. */
import { fromBytes, toBytes } from '../../../address/bytes.ts';
import { formatAddress } from '../../../address/format.ts';
import { parseAddress } from '../../../address/parse.ts';

export const AF_OF = (address: string): 2 | 10 => (address.includes(':') ? 10 : 2);

/** @throws when the text is no address: what is compiled always is one. */
export function bytesOf(text: string): Uint8Array {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`not an address: ${text}`);
  return toBytes(parsed.value);
}

export function textOfAddress(bytes: Uint8Array): string {
  const address = fromBytes(bytes);
  if (address === undefined) throw new Error(`an address of ${bytes.length} bytes`);
  return formatAddress(address);
}

export const textOfMac = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

export function splitPrefix(text: string): { readonly address: string; readonly length: number } {
  const slash = text.indexOf('/');
  return { address: text.slice(0, slash), length: Number(text.slice(slash + 1)) };
}
