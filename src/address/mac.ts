import type { Parsed } from './parsed.ts';

export type MacFault = 'syntax' | 'multicast' | 'zero';

/** Reads `02:1a:2b:3c:4d:5e`, also with `-`; gives it back in lower case with colons. Unicast only. */
export function parseMac(text: string): Parsed<string, MacFault> {
  if (!/^[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4}$/.test(text)) return { ok: false, fault: 'syntax' };
  const mac = text.toLowerCase().replaceAll('-', ':');
  if (mac === '00:00:00:00:00:00') return { ok: false, fault: 'zero' };
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return { ok: false, fault: 'multicast' };
  return { ok: true, value: mac };
}

/** A locally administered unicast address, `02:…`, from 40 bits: the low 8 of `high` and the 32 of `low`. */
export function localMac(high: number, low: number): string {
  return `02:${hex(high)}:${hex(low >>> 24)}:${hex(low >>> 16)}:${hex(low >>> 8)}:${hex(low)}`;
}

function hex(byte: number): string {
  return (byte & 255).toString(16).padStart(2, '0');
}
