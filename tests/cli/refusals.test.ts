import { expect, test } from 'vitest';
import { inPrivateHost } from '../host-state/private-host.ts';
import { bottleIn, write } from './bottle.ts';

const text = `name: lab
networks:
  lan: { subnet: 10.71.0.0/24, mode: nat, nat: { to: 192.0.2.99 } }
machines:
  one: { networks: { lan: auto }, run: nosuchprogram --now }
  two: { networks: { lan: auto }, run: { site: { command: [./nosuchscript], directory: . } } }
  three: { networks: { lan: auto }, listen: http }
expect:
  one -> three: nothing
`;

test('a plan tells what `up` would refuse and warn of, and `up` then changes nothing', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, text);
    const { status, stderr } = await bottle(['plan', path]);
    expect(status).toBe(2);
    for (const line of [
      'warning: packets of lan leave as 192.0.2.99, which this host does not have',
      '`bottle up` would refuse this:',
      'one/run cannot be started: there is no program nosuchprogram',
      'two/site cannot be started: there is no program ./nosuchscript',
      'error[promise-refuted]: one -> ',
    ])
      expect(stderr).toContain(line);
    const { refusals } = await bottle.json<{ refusals: readonly { code: string }[] }>(2, 'plan', path);
    expect(refusals.map(({ code }) => code)).toEqual(['file', 'host-lacks']);
    expect(await bottle(['up', '--no-prove', path])).toMatchObject({ status: 1, stderr: expect.stringContaining('error[host-lacks]') });
    expect(await bottle(['ls'])).toMatchObject({ stdout: expect.not.stringContaining('lab') });

    const right = text
      .replace(', run: nosuchprogram --now', '')
      .replace(/, run: .* directory: \. \} \}/, '')
      .replace('nothing', 'http');
    expect(JSON.parse((await bottle(['plan', '-o', 'json', write(host, right)])).stdout)).not.toHaveProperty('refusals');
  }));

test('a cable that is pulled out is shown with its machine', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    await bottle.ok(
      'up',
      write(host, 'name: lab\nnetworks: { lan: { subnet: 10.71.0.0/24 } }\nmachines: { one: { networks: { lan: auto } } }\n'),
    );
    expect(await bottle.ok('show', 'one', '-b', 'lab')).not.toContain('cable out');
    await bottle.ok('link', 'one/lan', 'down', '-b', 'lab');
    expect(await bottle.ok('show', 'one', '-b', 'lab')).toMatch(/lan .* cable out/);
    await bottle.ok('link', 'one/lan', 'up', '-b', 'lab');
    expect(await bottle.ok('show', 'one', '-b', 'lab')).not.toContain('cable out');
    await bottle.ok('down', '-y', 'lab');
  }));
