/** Between the text of an address and the bytes that the kernel wants. The text is canonical: it comes from the compiler or from here. */

export const AF_OF = (address: string): 2 | 10 => (address.includes(':') ? 10 : 2);

export function bytesOf(address: string): Uint8Array {
  return address.includes(':') ? bytesOf6(address) : Uint8Array.from(address.split('.'), Number);
}

function bytesOf6(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const write = (groups: readonly string[], from: number): void => {
    groups.forEach((group, i) => {
      const value = Number.parseInt(group, 16);
      bytes[from + 2 * i] = value >> 8;
      bytes[from + 2 * i + 1] = value & 0xff;
    });
  };
  write(before, 0);
  write(after, 16 - 2 * after.length);
  return bytes;
}

/** In the canonical form of RFC 5952. */
export function textOfAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + longest))}`;
}

export const macBytes = (mac: string): Uint8Array => Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16));

export const textOfMac = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

export function splitPrefix(text: string): { readonly address: string; readonly length: number } {
  const slash = text.indexOf('/');
  return { address: text.slice(0, slash), length: Number(text.slice(slash + 1)) };
}
