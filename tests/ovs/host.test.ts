import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPrivateHost } from '../host-state/private-host.ts';
import { REGISTER } from '../process/test-bottle.ts';

test('switches in the Open vSwitch of the host come and go, beside those of others', () =>
  inPrivateHost({}, async (host) => {
    const { status, stdout } = await host.run([process.execPath, '--import', REGISTER, join(import.meta.dirname, 'host-entry.ts')]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      left: [],
      pings: true,
      bridges: ['corp-sw', 'theirs'],
      marks: [true],
      after: 'theirs',
      daemons: [],
    });
  }));
