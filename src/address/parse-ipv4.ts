import type { AddressFault, Parsed } from './parsed.ts';

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const DOT = 46;

/** Reads dotted decimal (RFC 6943 3.1.1, strict form) as a number of 32 bits. */
export function parseIPv4Number(text: string): Parsed<number, AddressFault> {
  let value = 0;
  let octet = -1;
  let octets = 0;
  let leadingZero = false;
  let outOfRange = false;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index === text.length ? DOT : text.charCodeAt(index);
    if (code === DOT) {
      if (octet < 0) return fault('syntax');
      if (octet > 255) outOfRange = true;
      value = value * 256 + octet;
      octets += 1;
      octet = -1;
    } else if (code >= DIGIT_0 && code <= DIGIT_9) {
      if (octet === 0) leadingZero = true;
      octet = (octet < 0 ? 0 : Math.min(octet, 1000) * 10) + (code - DIGIT_0);
    } else return fault('syntax');
  }
  if (octets !== 4) return fault('octet-count');
  if (outOfRange) return fault('octet-out-of-range');
  if (leadingZero) return { ok: false, fault: { reason: 'leading-zero', instead: withoutLeadingZeros(text) } };
  return { ok: true, value };
}

function withoutLeadingZeros(text: string): string {
  return text
    .split('.')
    .map((octet) => octet.replace(/^0+(?=\d)/, ''))
    .join('.');
}

function fault(reason: AddressFault['reason']): Parsed<number, AddressFault> {
  return { ok: false, fault: { reason } };
}
