import { expect, test } from 'vitest';
import { write } from '../cli/bottle.ts';
import { ordinaryUser } from '../cli/ordinary-user.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const text = `name: carried
networks:
  wan: { subnet: 10.1.0.0/24 }
  mesh: { subnet: 10.2.0.0/24, overlay: { over: wan, id: 1 }, impair: { rate: 20kbit } }
machines:
  a: { networks: { wan: auto, mesh: 10.2.0.1 } }
  b: { networks: { wan: auto, mesh: { address: 10.2.0.2, impair: {} } } }
`;

test('without root, too, what comes in by an overlay can be impaired', { timeout: 120_000 }, () =>
  inPrivateHost({}, async (host) => {
    const user = await ordinaryUser(host);
    const up = await user.bottle('up', write(host, text));
    expect(up).toMatchObject({ status: 0 });
    const ask = async (...words: readonly string[]): Promise<string> =>
      (await user.bottle('exec', '-b', 'carried', 'a', '--', ...words)).stdout;
    expect(await ask('tc', 'qdisc', 'show', 'dev', 'mesh.in')).toMatch(/tbf .*rate 20Kbit/);
    expect(await ask('tc', 'filter', 'show', 'dev', 'mesh', 'ingress')).toContain('Redirect to device mesh.in');
    expect(await user.bottle('down', '-y', 'carried')).toMatchObject({ status: 0 });
    expect(await user.leftovers()).toBe('');
  }),
);
