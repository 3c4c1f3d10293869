import { describe, expect, test } from 'vitest';
import type { Origin } from '../diagnostic/diagnostic.ts';
import { parseBottle } from './load.ts';

const text = `name: corp
networks:
  dmz: { subnet: 10.1.0.0/24, dns: [10.1.0.53, 10.1.0.54] }
machines:
  web:
    networks:
      dmz: auto
  idle: {}
`;
const { source } = parseBottle(text, 'bottle.yaml');

function shown(origin: Origin, at: 'key' | 'value'): string {
  const place = source.locate(origin, at);
  if (!place) return 'nowhere';
  const line = text.split('\n')[place.line - 1] ?? '';
  return `${place.line}: ${line.slice(place.column - 1, place.endLine === place.line ? place.endColumn - 1 : undefined)}`;
}

describe('the place of', () => {
  test('a key and a value', () => {
    expect(shown(['networks', 'dmz', 'subnet'], 'key')).toBe('3: subnet');
    expect(shown(['networks', 'dmz', 'subnet'], 'value')).toBe('3: 10.1.0.0/24');
    expect(shown(['name'], 'value')).toBe('1: corp');
  });

  test('an entry of a list', () => {
    expect(shown(['networks', 'dmz', 'dns', 1], 'value')).toBe('3: 10.1.0.54');
  });

  test('a map on lines of its own begins with its first key', () => {
    expect(shown(['machines', 'web'], 'value')).toBe('6: networks:');
    expect(shown(['machines', 'web'], 'key')).toBe('5: web');
  });

  test('something that is not written is that of the nearest part above it', () => {
    expect(shown(['networks', 'dmz', 'mtu'], 'value')).toBe('3: dmz');
    expect(shown(['machines', 'idle', 'networks', 'dmz', 'address'], 'value')).toBe('8: idle');
    expect(shown(['nothing'], 'value')).toBe('1: name');
  });
});

test('keys are found whatever JavaScript thinks of them', () => {
  expect(shown(['toString', '__proto__', 3], 'value')).toBe('1: name');
});

test('columns and lines are right after a byte order mark and with CRLF', () => {
  const loaded = parseBottle('\ufeffname: corp\r\nnetworks:\r\n  dmz: { subnet: 10.1.0.0/24 }\r\n', 'bottle.yaml');
  expect(loaded.diagnostics).toEqual([]);
  expect(loaded.source.locate(['name'], 'key')).toMatchObject({ line: 1, column: 1, endColumn: 5 });
  expect(loaded.source.locate(['networks', 'dmz', 'subnet'], 'value')).toMatchObject({ line: 3, column: 18, endLine: 3, endColumn: 29 });
});
