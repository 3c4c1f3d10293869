import { expect, it } from 'vitest';
import { hasDefault4, hasDefault6 } from './uplink.ts';

it('knows an IPv4 default route among others', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
  const net = 'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n';
  expect(hasDefault4(`${head}${net}eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`)).toBe(true);
  expect(hasDefault4(`${head}${net}`)).toBe(false);
  // Half of everything, as some VPNs set it, is not all.
  expect(hasDefault4(`${head}tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n`)).toBe(false);
  expect(hasDefault4('')).toBe(false);
});

it('knows an IPv6 default route from the one that refuses', () => {
  const zero = '0'.repeat(32);
  const route = (device: string): string =>
    `${zero} 00 ${zero} 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     ${device}\n`;
  expect(hasDefault6(route('eth0'))).toBe(true);
  expect(hasDefault6(route('lo'))).toBe(false);
  expect(hasDefault6(`fd${'0'.repeat(30)} 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0\n`)).toBe(false);
});
