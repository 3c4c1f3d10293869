import { expect, test } from 'vitest';
import { bottleIn, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const file = `name: slow
networks: { lan: { subnet: 10.8.0.0/24 } }
machines:
  a: { networks: { lan: 10.8.0.10 } }
  b:
    networks: { lan: 10.8.0.11 }
    run: { site: sleep 0.4; exec python3 -um http.server 8800 }
expect:
  a -> b: tcp/8800
`;

test('measuring does not take the port of a program that is slow to start', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    await bottle.ok('up', write(host, file));
    expect(await bottle.ok('logs', '-b', 'slow', 'b')).not.toContain('Address already in use');
    await expect.poll(() => bottle.sh('slow', 'a', 'curl -s -o /dev/null -w "%{http_code}" -m 2 http://10.8.0.11:8800')).toBe('200');
  }));
