import { expect, test } from 'vitest';
import { bottleIn } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

test('doctor tries everything, and leaves no trace', () =>
  inPrivateHost({}, async (host) => {
    const before = await host.state();
    const { findings } = await bottleIn(host).json<{ findings: { name: string; state: string }[] }>(0, 'doctor');
    expect(findings.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'bridges',
        '802.1Q devices',
        'VLAN filtering',
        'VXLAN devices',
        'GRE devices',
        'Geneve devices',
        'netem',
        'tbf',
        'ifb devices',
      ]),
    );
    expect(differences(before, await host.state())).toEqual([]);
  }));
