import { readdirSync } from 'node:fs';
import { readSysctl } from './sysctl.ts';

/**
 * Settings that the kernel changes along with another, with their values now. Forwarding for all is set for each interface,
 * whatever it had, and a host that stops to forward takes redirects from then on (inet_forward_change in
 * net/ipv4/devinet.c, addrconf_fixup_forwarding in net/ipv6/addrconf.c).
 */
export function entailedSettings(key: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entailedBy(key).flatMap((one) => {
      const value = readSysctl(one);
      return value === undefined ? [] : [[one, value] as const];
    }),
  );
}

function entailedBy(key: string): readonly string[] {
  switch (key) {
    case 'net/ipv4/ip_forward':
      return ['net/ipv4/conf/all/accept_redirects', ...perInterface('net/ipv4/conf')];
    case 'net/ipv6/conf/all/forwarding':
      return perInterface('net/ipv6/conf');
    default:
      return [];
  }
}

const perInterface = (directory: string): readonly string[] =>
  readdirSync(`/proc/sys/${directory}`)
    .filter((name) => name !== 'all')
    .map((name) => `${directory}/${name}/forwarding`);
