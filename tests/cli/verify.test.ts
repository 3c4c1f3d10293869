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
  ann -> web: tcp/80-100
  10.1.0.8/29 -> web: { deny: tcp/81-200 }
  ben -> web: tcp/90-120
  servers -> users: { deny: any }
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
    expect(await matrix('--from', 'users')).toEqual(['From   To       Services', 'users  servers  tcp/80, 443, 5432']);
    expect(await matrix('--to', 'users')).toEqual(['nothing passes between networks']);
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

describe('verify --lines', () => {
  test('names the lines that decide nothing, and those that do so instead, with their places', async () => {
    const told = (await bottle.ok('verify', '--lines', 'lab'))
      .replaceAll(/\S*\/bottle\.yaml/g, 'bottle.yaml')
      .trim()
      .split('\n');
    expect(told).toEqual([
      'bottle.yaml:18: `ann -> web` decides nothing: `10.1.0.8/29 -> web` (line 19) and `users -> web` (line 16) decide all of it',
      'bottle.yaml:20: `ben -> web` lets nothing pass: `10.1.0.8/29 -> web` (line 19) denies all of it',
      'bottle.yaml:21: `servers -> users` decides nothing: no line allows what it denies, and `otherwise: drop` stops it in any case',
      '3 of 6 lines of the policy decide nothing.',
    ]);
    expect(await bottle.json(0, 'verify', '--lines', 'lab')).toMatchObject({
      version: 1,
      kind: 'lines',
      lines: 6,
      idle: [
        {
          text: 'ann -> web',
          action: 'allow',
          place: { line: 18 },
          by: [{ action: 'drop', place: { line: 19 } }, { text: 'users -> web' }],
        },
        { text: 'ben -> web', by: [{ text: '10.1.0.8/29 -> web' }] },
        { text: 'servers -> users', by: [], otherwise: 'drop' },
      ],
    });
  });

  test('a line about a machine that is stopped is not in vain', async () => {
    await bottle.ok('stop', '--yes', '-b', 'lab', 'db');
    expect(await bottle.ok('verify', '--lines', 'lab')).toContain('3 of 6 lines');
    await bottle.ok('start', '-b', 'lab', 'db');
  });
});
