import { describe, expect, test } from 'vitest';
import { readAction } from './action.ts';
import { isThere, layersOf, protocolsOf, readWord } from './match.ts';

const conditions = (...words: readonly string[]) =>
  words.flatMap((text) => {
    const word = readWord(text);
    return word.ok ? word.conditions : [];
  });

describe('a word of a match', () => {
  test('is a field with its value, whichever of its names it has', () => {
    expect(conditions('nw_dst=10.0.0.0/8')).toEqual(conditions('ip_dst=10.0.0.0/255.0.0.0'));
    expect(conditions('tp_dst=80')).toEqual(conditions('tcp_dst=0x50'));
    expect(conditions('eth_type=0x0800', 'nw_proto=6')).toEqual(conditions('tcp'));
    expect(conditions('in_port=web')).toEqual([{ field: 'in_port', port: 'web' }]);
  });

  test.each([
    'tcp=6',
    'tcp_dst',
    'tcp_dst=',
    'tcp_dst=65536',
    'ip_src=fd00::1',
    'ip_src=10.0.0.0/33',
    'eth_src=02:00',
    'in_port',
    'arp_op=1/1',
  ])('%s is none', (text) => expect(readWord(text)).toMatchObject({ ok: false, unknown: false }));

  test('is looked at only in frames that have the field', () => {
    expect(isThere('tcp_dst', layersOf(conditions('tcp')))).toBe(true);
    expect(isThere('tcp_dst', layersOf(conditions('tcp6')))).toBe(true);
    expect(isThere('tcp_dst', layersOf(conditions('ip')))).toBe(false);
    expect(isThere('in_port', {})).toBe(true);
    expect(protocolsOf('icmpv6_type')).toEqual(['icmp6']);
  });
});

test.each([
  ['output:web', { kind: 'output', port: 'web' }],
  ['goto_table:3', { kind: 'goto_table', table: 3 }],
  ['normal', { kind: 'normal' }],
  ['push_vlan:0x8100', { kind: 'push_vlan', etherType: '0x8100' }],
  ['set_field:10.0.0.1->ip_dst', { kind: 'set_field', field: 'ip_dst', value: '10.0.0.1' }],
])('%s is an action', (text, action) => expect(readAction(text)).toMatchObject({ ok: true, action }));

test.each(['output', 'normal:1', 'goto_table:255', 'group:x', 'set_field:1->ip_proto', 'set_field:x->ip_dst', 'resubmit(,1)'])(
  '%s is no action',
  (text) => expect(readAction(text)).toMatchObject({ ok: false }),
);
