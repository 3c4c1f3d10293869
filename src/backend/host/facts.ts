/** Reads what the compiler has to know of the host. */
import { existsSync, readFileSync } from 'node:fs';
import type { HostFacts } from '../../resource/host-facts.ts';
import { type Home, inUserNamespace } from '../home.ts';
import { originalSettings } from '../kernel/host-settings.ts';
import { UPLINK } from '../rootless/uplink.ts';
import { canFilterVlans, canMakeVlan } from './kernel-abilities.ts';

const RTF_DEFAULT = 0x00010000;
const RTF_ADDRCONF = 0x00040000;

/** `vlans`: whether it matters what the kernel can do with VLANs, which costs some milliseconds to try. */
export function readHostFacts(home: Home, { vlans }: { readonly vlans: boolean }): HostFacts {
  const ipv6 = existsSync('/proc/net/if_inet6');
  return {
    ipv6,
    advertised: ipv6 ? advertised(home) : [],
    neighbourTables: existsSync('/proc/sys/net/ipv4/neigh/default/gc_thresh3'),
    vlanFiltering: !vlans || canFilterVlans() === undefined,
    vlanDevices: !vlans || canMakeVlan() === undefined,
    nameServers: nameServers(),
  };
}

/** Devices with a default route from a router advertisement that they accept only while the host does not forward. */
function advertised(home: Home): readonly string[] {
  const originals = originalSettings(home);
  const learned = readFileSync('/proc/net/ipv6_route', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, length, , , , , , , flags]) =>
        length === '00' && (Number.parseInt(flags ?? '0', 16) & (RTF_DEFAULT | RTF_ADDRCONF)) === (RTF_DEFAULT | RTF_ADDRCONF),
    )
    .map((fields) => fields[9] ?? '');
  return [...new Set(learned)].filter((device) => {
    const key = `net/ipv6/conf/${device}/accept_ra`;
    return (originals.get(key) ?? readFileSync(`/proc/sys/${key}`, 'utf8').trim()) === '1';
  });
}

/** systemd-resolved listens on a loopback address, which no other namespace reaches; it lists the real servers elsewhere. */
function nameServers(): readonly string[] {
  if (inUserNamespace()) return [UPLINK.resolver];
  const usable = (path: string): readonly string[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
          .filter((server) => !server.startsWith('127.') && server !== '::1')
      : [];
  const own = usable('/etc/resolv.conf');
  return own.length > 0 ? own : usable('/run/systemd/resolve/resolv.conf');
}
