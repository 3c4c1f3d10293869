import { expect, test } from 'vitest';
import { inPrivateHost } from '../host-state/private-host.ts';
import { bottleIn, sh } from './bottle.ts';

test('init writes a network that comes up and keeps its promises, and never writes over a file', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    expect(await bottle.ok('init', 'my-first.net')).toContain('bottle up my-first.net/bottle.yaml');
    expect(await sh(host, `head -2 ${host.directory}/my-first.net/bottle.yaml`)).toBe(
      '# yaml-language-server: $schema=./.bottle.schema.json\nname: my-first-net',
    );
    JSON.parse(await sh(host, `cat ${host.directory}/my-first.net/.bottle.schema.json`));
    const before = await sh(host, `cat ${host.directory}/my-first.net/bottle.yaml`);
    expect(await bottle(['init', 'my-first.net'])).toMatchObject({ status: 64, stderr: expect.stringContaining('is there already') });
    expect(await sh(host, `cat ${host.directory}/my-first.net/bottle.yaml`)).toBe(before);
    expect(await bottle.ok('up', 'my-first.net/bottle.yaml')).toContain('2 of 2 promises held, 2 proved.');
    await bottle.ok('down', '-y', 'my-first-net');
  }));
