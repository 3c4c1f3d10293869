import { expect, test } from 'vitest';
import { bottleIn, sh } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Finding {
  readonly name: string;
  readonly state: string;
}

/** That depend on the kernel; the others are programs. */
const kernels = [
  'veth devices',
  'bridges',
  'macvlan devices',
  'VXLAN devices',
  'Geneve devices',
  'GRE devices',
  '802.1Q devices',
  'VLAN filtering',
  'netem',
  'tbf',
  'ifb devices',
  'WireGuard devices',
  'VRF devices',
  'Open vSwitch in the kernel',
  'connection tracking on bridges',
  'nftables',
];

test('doctor finds all that Debian’s kernel has, and leaves no device', () =>
  inPrivateHost({}, async (host) => {
    const links = (): Promise<string> => sh(host, 'ip -brief link');
    const before = await links();
    const { findings } = await bottleIn(host).json<{ findings: Finding[] }>(0, 'doctor');
    expect(
      findings
        .filter(({ name, state }) => state === 'ok' && kernels.includes(name))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(kernels.toSorted());
    expect(await links()).toBe(before);
  }));
