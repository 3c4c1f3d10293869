import { expect, test } from 'vitest';
import { lostIn, packetsLost } from './backlog.ts';

test('what all processors lost is added', () => {
  expect(lostIn('04e800c8 0057a9c2 0000010c 00000000\n049ae6ef 00000003 0000011d 00000000\n')).toBe(0x57a9c5);
});

test('this host tells how many it lost', () => {
  expect(packetsLost()).toBeGreaterThanOrEqual(0);
});
