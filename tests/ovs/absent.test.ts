import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { REGISTER } from '../process/test-bottle.ts';

const PACKAGE = 'apt install openvswitch-switch';

test('where Open vSwitch is not installed, doctor and up say so and name the package', () =>
  inPrivateHost({}, async (host) => {
    const without = (...command: readonly string[]) =>
      host.run(['unshare', '--mount', 'sh', '-c', 'mount --bind /dev/null /usr/sbin/ovs-vswitchd && exec "$@"', 'sh', ...command]);
    const up = await without(process.execPath, '--import', REGISTER, join(import.meta.dirname, 'absent-entry.ts'));
    expect(JSON.parse(up.stdout)).toEqual({
      code: 'host-lacks',
      details: [expect.stringMatching(`ovs-vswitchd.*no program ovs-vswitchd in PATH\n.*${PACKAGE}`)],
    });
    const doctor = await without(...program, 'doctor', '-o', 'json');
    const { findings } = JSON.parse(doctor.stdout) as { readonly findings: readonly { readonly name: string }[] };
    expect(findings.find(({ name }) => name === 'ovs-vswitchd')).toMatchObject({
      state: 'missing',
      problem: 'no program ovs-vswitchd in PATH',
      remedy: expect.stringContaining(PACKAGE),
      required: false,
    });
  }));
