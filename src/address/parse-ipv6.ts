import { parseIPv4Number } from './parse-ipv4.ts';
import type { AddressFault, Parsed } from './parsed.ts';

const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Reads the text forms of RFC 4291 2.2 as a number of 128 bits; without zone ids. */
export function parseIPv6Number(text: string): Parsed<bigint, AddressFault> {
  const groups = parseGroups(text);
  if (groups === undefined) return { ok: false, fault: { reason: 'syntax' } };
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return { ok: false, fault: { reason: 'mapped', instead: dotted(groups[6] ?? 0, groups[7] ?? 0) } };
  }
  let value = 0n;
  for (let index = 0; index < 8; index += 2) {
    value = (value << 32n) | BigInt((groups[index] ?? 0) * 65536 + (groups[index + 1] ?? 0));
  }
  return { ok: true, value };
}

function parseGroups(text: string): readonly number[] | undefined {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const all = parseRun(text, true);
    return all?.length === 8 ? all : undefined;
  }
  const head = gap === 0 ? [] : parseRun(text.slice(0, gap), false);
  const tail = gap + 2 === text.length ? [] : parseRun(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** Groups between colons; the last may be an IPv4 address where the text ends with it. */
function parseRun(text: string, atEnd: boolean): readonly number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else if (atEnd && index === parts.length - 1) {
      const tail = parseIPv4Number(part);
      if (!tail.ok) return undefined;
      groups.push(Math.floor(tail.value / 65536), tail.value % 65536);
    } else return undefined;
  }
  return groups;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
