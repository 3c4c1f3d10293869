import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { fromBytes, macToBytes, toBytes } from './bytes.ts';
import { formatAddress, formatPrefix } from './format.ts';
import { hostRange } from './host-range.ts';
import type { Address, Prefix } from './ip.ts';
import { localMac, parseMac } from './mac.ts';
import { parseAddress } from './parse.ts';
import { containsAddress, lastOf, overlaps, parsePrefix, prefixAround } from './prefix.ts';
import { specialBlockOf } from './special-purpose.ts';

const ipv4 = fc.bigInt(0n, 2n ** 32n - 1n).map((value): Address => ({ family: 4, value }));
const group = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const ipv6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups): Address => ({ family: 6, value: groups.reduce((value, one) => (value << 16n) | BigInt(one), 0n) }))
  .filter((address) => address.value >> 32n !== 0xffffn);
const prefix = fc
  .tuple(fc.oneof(ipv4, ipv6), fc.integer({ min: 0, max: 128 }))
  .map(([address, length]) => prefixAround(address, address.family === 4 ? length % 33 : length));

function reason(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? 'ok' : parsed.fault.reason;
}

function prefixOf(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.reason}`);
  return parsed.value;
}

describe('addresses', () => {
  it('are written as RFC 5952 says, like ipaddr.js does', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        const oracle = ipaddr.fromByteArray([...toBytes(address)]);
        const text = oracle instanceof ipaddr.IPv6 ? oracle.toRFC5952String() : oracle.toString();
        expect(formatAddress(address)).toBe(text);
      }),
    );
  });

  it('are read back from every way of writing them', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        expect(parseAddress(formatAddress(address))).toEqual({ ok: true, value: address });
        expect(fromBytes(toBytes(address))).toEqual(address);
        if (address.family === 6) {
          const oracle = ipaddr.IPv6.parse(formatAddress(address));
          expect(parseAddress(oracle.toNormalizedString())).toEqual({ ok: true, value: address });
          expect(parseAddress(oracle.toNormalizedString().toUpperCase())).toEqual({ ok: true, value: address });
        }
      }),
    );
  });

  it('are never read where ipaddr.js refuses', () => {
    const scrap = fc.oneof(
      fc.constantFrom(':', '::', '.', '0', '1', 'ff', 'abcd', '10', '255', '256', 'g', ' '),
      fc.string({ maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 16 }), (scraps) => {
        const text = scraps.join('');
        if (parseAddress(text).ok) expect(ipaddr.isValid(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('say why they are refused', () => {
    expect(reason('')).toBe('empty');
    expect(reason('10.1.0.010')).toBe('leading-zero');
    expect(reason('10.1.0.256')).toBe('octet-out-of-range');
    expect(reason('10.1.0')).toBe('octet-count');
    expect(reason('10.1.0.1.2')).toBe('octet-count');
    expect(reason('10..0.1')).toBe('syntax');
    expect(reason('web')).toBe('syntax');
    expect(reason('10.1.0.1/24')).toBe('prefix-length');
    expect(reason('fe80::1%eth0')).toBe('zone');
    expect(reason('::ffff:10.1.0.1')).toBe('mapped');
    expect(reason('::ffff:a01:1')).toBe('mapped');
    expect(reason('1::2::3')).toBe('syntax');
    expect(reason('1:2:3:4:5:6:7:8::')).toBe('syntax');
    expect(reason('1:2:3:4:5:6:7::')).toBe('ok');
    expect(reason('64:ff9b::10.1.0.1')).toBe('ok');
    expect(reason('10.1.0.1::')).toBe('syntax');
  });
});

describe('prefixes', () => {
  it('hold exactly what ipaddr.js says', () => {
    fc.assert(
      fc.property(prefix, fc.oneof(ipv4, ipv6), (block, address) => {
        expect(parsePrefix(formatPrefix(block))).toEqual({ ok: true, value: block });
        if (block.family !== address.family) {
          expect(containsAddress(block, address)).toBe(false);
          return;
        }
        const range: [ipaddr.IPv4 | ipaddr.IPv6, number] = [ipaddr.parse(formatAddress(block)), block.length];
        const oracle = ipaddr.parse(formatAddress(address));
        expect(containsAddress(block, address)).toBe((oracle as ipaddr.IPv4).match(range as [ipaddr.IPv4, number]));
      }),
    );
  });

  it('overlap where they share an address', () => {
    fc.assert(
      fc.property(prefix, prefix, (one, other) => {
        const shared = one.family === other.family && one.value <= lastOf(other) && other.value <= lastOf(one);
        expect(overlaps(one, other)).toBe(shared);
      }),
    );
  });

  it('say why they are refused', () => {
    const fault = (text: string) => {
      const parsed = parsePrefix(text);
      return parsed.ok ? 'ok' : parsed.fault;
    };
    expect(fault('10.1.0.5/24')).toEqual({ reason: 'host-bits', instead: '10.1.0.0/24' });
    expect(fault('fd00:1::5/64')).toEqual({ reason: 'host-bits', instead: 'fd00:1::/64' });
    expect(fault('10.1.0.0')).toEqual({ reason: 'no-length', instead: '10.1.0.0/24' });
    expect(fault('10.1.0.0/33')).toEqual({ reason: 'length-out-of-range' });
    expect(fault('10.1.0.0/024')).toEqual({ reason: 'bad-length' });
    expect(fault('10.1.0.0/255.255.255.0')).toEqual({ reason: 'bad-length', instead: '10.1.0.0/24' });
    expect(fault('10.1.0.0/255.0.255.0')).toEqual({ reason: 'bad-length' });
    expect(fault('::ffff:10.1.0.0/120')).toEqual({ reason: 'mapped', instead: '10.1.0.0/24' });
    expect(fault('10.01.0.0/16')).toEqual({ reason: 'leading-zero', instead: '10.1.0.0/16' });
  });

  it('leave out what no interface can have', () => {
    const range = (text: string) => {
      const { first, last } = hostRange(prefixOf(text));
      const { family } = prefixOf(text);
      return `${formatAddress({ family, value: first })} ${formatAddress({ family, value: last })}`;
    };
    expect(range('10.1.0.0/24')).toBe('10.1.0.1 10.1.0.254');
    expect(range('10.1.0.0/30')).toBe('10.1.0.1 10.1.0.2');
    expect(range('10.1.0.0/31')).toBe('10.1.0.0 10.1.0.1');
    expect(range('10.1.0.7/32')).toBe('10.1.0.7 10.1.0.7');
    expect(range('fd00::/126')).toBe('fd00::1 fd00::3');
    expect(range('fd00::/127')).toBe('fd00:: fd00::1');
  });

  it('know the blocks that are not for networks', () => {
    expect(specialBlockOf(prefixOf('127.1.0.0/16'))?.use).toBe('loopback');
    expect(specialBlockOf(prefixOf('224.0.0.0/3'))?.use).toBe('multicast');
    expect(specialBlockOf(prefixOf('fe80::/64'))?.use).toBe('link-local');
    expect(specialBlockOf(prefixOf('10.0.0.0/8'))).toBeUndefined();
    expect(specialBlockOf(prefixOf('fd00::/8'))).toBeUndefined();
  });
});

describe('MAC addresses', () => {
  it('are read with colons or hyphens', () => {
    expect(parseMac('02-1A-2b-3c-4d-5e')).toEqual({ ok: true, value: '02:1a:2b:3c:4d:5e' });
    expect(parseMac('02:1a-2b:3c:4d:5e')).toEqual({ ok: false, fault: 'syntax' });
    expect(parseMac('01:00:5e:00:00:01')).toEqual({ ok: false, fault: 'multicast' });
    expect(parseMac('00:00:00:00:00:00')).toEqual({ ok: false, fault: 'zero' });
  });

  it('are derived as locally administered unicast', () => {
    expect(localMac(0x112233ff, 0xdeadbeef)).toBe('02:ff:de:ad:be:ef');
    expect([...macToBytes('02:ff:de:ad:be:ef')]).toEqual([2, 255, 0xde, 0xad, 0xbe, 0xef]);
  });
});
