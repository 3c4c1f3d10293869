import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivateHost } from '../host-state/host.ts';
import { privateHost } from '../host-state/private-host.ts';
import { type Bottle, bottleIn, write } from './bottle.ts';

const text = `name: lab
networks:
  users: { subnet: 10.1.0.0/24 }
  servers: { subnet: 10.2.0.0/24 }
routers:
  gate: { networks: { users: 10.1.0.1, servers: 10.2.0.1 } }
machines:
  ann: { networks: { users: 10.1.0.11 } }
  ben: { networks: { users: 10.1.0.12 } }
  web: { networks: { servers: 10.2.0.11 } }
  db: { networks: { servers: 10.2.0.12 } }
groups:
  people: [users]
  all: [web, db, gate]
policy:
  users -> web: [http, https]
  ben -> db: tcp/5432
`;

let host: PrivateHost;
let bottle: Bottle;
beforeAll(async () => {
  host = await privateHost();
  bottle = bottleIn(host);
  await bottle.ok('up', write(host, text));
});
afterAll(() => host.end());

describe('verify --matrix', () => {
  const matrix = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await bottle.ok('verify', '--matrix', ...words, 'lab')).trim().split('\n');

  test('is by networks unless said otherwise', async () => {
    expect(await matrix()).toEqual(['From   To       Services', 'users  servers  tcp/80, 443, 5432']);
    expect(await matrix('--from', 'servers')).toEqual(['nothing passes between networks']);
  });

  test('by groups', async () => {
    expect(await matrix('--by', 'groups', '--from', 'people')).toEqual([
      'From    To      Services',
      'people  people  anything',
      'people  all     tcp/80, 443, 5432',
    ]);
  });

  test('by machines, of which some can be named', async () => {
    expect(await matrix('--by', 'machines', '--from', 'users', '--to', 'web,db')).toEqual([
      'From  To   Services',
      'ann   web  tcp/80, 443',
      'ben   web  tcp/80, 443',
      'ben   db   tcp/5432',
    ]);
    expect(await bottle.json(0, 'verify', '--matrix', '--by', 'machines', '--from', 'people', '--to', 'web', 'lab')).toEqual({
      version: 1,
      kind: 'matrix',
      bottle: 'lab',
      by: 'machines',
      blocks: [{ from: ['ann', 'ben'], to: ['web'], services: ['tcp/80, 443'] }],
      lost: [],
    });
  });

  test('names that there are none of, and a matrix that is not asked for, are mistakes of the command line', async () => {
    const wrong = await bottle(['verify', '--matrix', '--to', 'server', 'lab']);
    expect(wrong).toMatchObject({ status: 64, stderr: expect.stringContaining('did you mean servers?') });
    expect(await bottle(['verify', '--by', 'groups', 'lab'])).toMatchObject({ status: 64, stderr: expect.stringContaining('--matrix') });
  });
});
