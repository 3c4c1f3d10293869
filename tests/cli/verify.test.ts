import { beforeAll, describe, expect, test } from 'vitest';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bottleIn, write } from './bottle.ts';

const text = `name: lab
networks:
  users: { subnet: 10.1.0.0/24 }
  servers: { subnet: 10.2.0.0/24 }
routers:
  gate: { networks: { users: 10.1.0.1, servers: 10.2.0.1 }, nat: { masquerade: servers, except: 0.0.0.0/0 } }
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

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, text));
});

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
      'bottle.yaml:6: `masquerade: servers` translates nothing: no packet that it speaks of comes by',
      '3 of 6 lines of the policy decide nothing.',
      '1 of 1 lines of forwards and NAT translates nothing.',
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
      translations: 1,
      untranslating: [{ what: 'nat', text: 'masquerade: servers', place: { line: 6 } }],
    });
  });

  test('a line about a machine that is stopped is not in vain', async () => {
    await bottle.ok('stop', '--yes', '-b', 'lab', 'db');
    expect(await bottle.ok('verify', '--lines', 'lab')).toContain('3 of 6 lines');
    await bottle.ok('start', '-b', 'lab', 'db');
  });
});

describe('verify --paths', () => {
  const odd = (web: string, more = ''): string => `name: odd
networks:
  hub: { subnet: 10.1.0.0/24 }
  shr: { subnet: 10.2.0.0/24 }
routers:
  core: { networks: { hub: 10.1.0.1, shr: 10.2.0.1 } }
  spare: { networks: { hub: 10.1.0.2, shr: 10.2.0.2 }, routes: { 10.9.0.0/16: 10.2.0.1 } }
machines:
  ann: { networks: { hub: 10.1.0.11 } }
  web: { networks: { shr: 10.2.0.11 }, routes: { hub: ${web} } }
${more}`;
  const lines = (out: string): readonly string[] =>
    out
      .replaceAll(/[^\s(]*\/bottle\.yaml/g, 'bottle.yaml')
      .trim()
      .split('\n');

  test('names routes that lead nowhere, answers that come back another way, and those that are lost, with their places', async () => {
    await bottle.ok('up', '--yes', write(host, odd('spare')));
    const hole = 'bottle.yaml:7: black hole: route 10.9.0.0/16 via 10.2.0.1 at spare: core has no route to it (10.1.0.2 -> 10.9.0.0 tcp/1)';
    expect(lines(await bottle.ok('verify', '--paths', 'odd'))).toEqual([
      hole,
      'two ways: ann -> web anything: there by core, back by spare',
      'two ways: web -> ann anything: there by spare, back by core',
    ]);
    const policy = 'policy:\n  hub -> web: ssh\n  any -> web: ping\nexpect:\n  ann -> web: ssh\n';
    await bottle(['up', '--yes', '--no-prove', write(host, odd('spare', policy))]);
    expect(lines(await bottle.ok('verify', '--paths', 'odd')).slice(-1)).toEqual([
      'answer lost at spare (forward, bottle.yaml:11): ann -> web ping; tcp/22: there by core',
    ]);
    const measured = await bottle(['verify', 'odd']);
    expect(measured).toMatchObject({ status: 3, stdout: expect.stringContaining('tcp/22: answer lost at spare (forward, ') });
    expect(await bottle.json(0, 'verify', '--paths', 'odd')).toMatchObject({
      version: 1,
      kind: 'paths',
      trips: [{ from: ['ann'], to: ['web'], there: ['core'], back: [], lost: { at: 'spare', what: 'forward', place: { line: 11 } } }],
    });
    await bottle.ok('down', '--yes', 'odd');
  });

  test('says so where there is nothing of the kind, and is a question of its own', async () => {
    expect(await bottle.ok('verify', '--paths', 'lab')).toContain('no answer is lost');
    const two = await bottle(['verify', '--paths', '--lines', 'lab']);
    expect(two).toMatchObject({ status: 64, stderr: expect.stringContaining('`--lines` and `--paths`') });
  });
});
