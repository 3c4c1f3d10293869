import { afterEach, describe, expect, test } from 'vitest';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bottleIn, sh, write } from './bottle.ts';

const lab = (expectation: string): string => `name: lab
networks: { net: { subnet: 10.9.0.0/24 } }
machines: { one: { networks: { net: 10.9.0.11 } }, two: { networks: { net: 10.9.0.12 } } }
expect: { ${expectation} }
`;

const host = hostForAll();
const bottle = bottleIn(host);
afterEach(() => bottle(['down', '-y', 'lab']));

test('0: done; a bottle that is not there is down already', async () => {
  expect(await bottle(['up', write(host, lab('one -> two: ping'))])).toMatchObject({ status: 0, stderr: '' });
  expect(await bottle(['down', '-y', 'lab'])).toMatchObject({ status: 0, stderr: '' });
  expect(await bottle(['down', 'lab'])).toMatchObject({ status: 0, stdout: expect.stringContaining('not running') });
});

test.each([
  ['a file with errors', 'name: lab\nnetwork: {}\n'],
  [
    'a host that lacks something',
    'name: lab\nnetworks: { net: { subnet: 10.9.0.0/24, mode: bridged, attach: { bridge: br9 } } }\nmachines: { m: { networks: { net: auto } } }\n',
  ],
])('1: %s', async (_what, text) => {
  expect(await bottle(['up', write(host, text)])).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/error\[/) });
});

test('1: a change that failed, and was undone', async () => {
  const failed = await bottle(['up', write(host, lab('one -> two: ping'))], { env: { NETBOTTLE_FAULT: 'fail:5' } });
  expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('error[apply-failed]') });
  expect((await bottle.json<{ bottles: unknown[] }>(0, 'ls')).bottles).toEqual([]);
});

test('2: `plan`, when there are changes', async () => {
  const file = write(host, lab('one -> two: ping'));
  expect(await bottle(['plan', file])).toMatchObject({ status: 2, stderr: '' });
  await bottle.ok('up', file);
  expect(await bottle(['plan', file])).toMatchObject({ status: 0, stderr: '' });
});

test('3: a promise that the file itself breaks; nothing is changed', async () => {
  expect(await bottle(['up', write(host, lab('one -> two: nothing'))])).toMatchObject({
    status: 3,
    stdout: '',
    stderr: expect.stringMatching(/error\[promise-refuted\]: one -> 10\.9\.0\.12 \S+ works, and is not promised[\s\S]*Nothing was changed/),
  });
  expect(await bottle.json(0, 'ls')).toMatchObject({ bottles: [] });
});

test('3: a broken promise, of `up --no-prove` and of `verify`; the network stays', async () => {
  expect(await bottle(['up', '--no-prove', write(host, lab('one -> two: nothing'))])).toMatchObject({
    status: 3,
    stdout: expect.stringContaining('broken'),
  });
  expect(await bottle(['verify', 'lab'])).toMatchObject({ status: 3, stdout: expect.stringContaining('one -> two (10.9.0.12) ping') });
  expect(await bottle(['up', '--no-prove', '--no-verify', 'bottle.yaml'])).toMatchObject({ status: 0 });
});

describe('4: without a terminal and without --yes', () => {
  test('nothing is removed', async () => {
    await bottle.ok('up', write(host, lab('one -> two: ping')));
    expect(await bottle(['down', 'lab'])).toMatchObject({
      status: 4,
      stdout: '',
      stderr: expect.stringMatching(/- machine one[\s\S]*error\[declined\]/),
    });
    await bottle.ok('verify', 'lab');
  });

  test('nothing that runs is interrupted', async () => {
    await bottle.ok('up', write(host, lab('one -> two: ping')));
    const smaller = lab('').replace(', two: { networks: { net: 10.9.0.12 } }', '');
    expect(await bottle(['up', write(host, smaller)])).toMatchObject({ status: 4, stderr: expect.stringContaining('- machine two') });
    expect(await bottle.sh('lab', 'one', 'ping -c 1 -w 20 two')).toContain('1 received');
  });
});

test('5: another command is at work on the bottle; it is named', async () => {
  const file = write(host, lab('one -> two: ping'));
  const holder = '{"pid":4711,"command":"up","since":"2026-01-02T03:04:05.000Z"}';
  await sh(host, `mkdir -p /run/netbottle; echo '${holder}' > /run/netbottle/lab.lock`);
  const holding = host.start(['flock', '/run/netbottle/lab.lock', 'sleep', '60']);
  await expect.poll(async () => (await host.run(['flock', '-n', '/run/netbottle/lab.lock', 'true'])).status).toBe(1);
  for (const words of [
    ['up', file],
    ['down', '-y', 'lab'],
  ]) {
    expect(await bottle(words)).toMatchObject({
      status: 5,
      stdout: '',
      stderr: expect.stringMatching(/error\[busy\]: `bottle up` \(process 4711, since 2026-01-02/),
    });
  }
  expect(await bottle.json(5, 'up', file)).toMatchObject({ version: 1, kind: 'error', code: 'busy' });
  holding.kill('SIGKILL');
  await sh(host, 'pkill -KILL -fx "sleep 60"');
  await bottle.ok('up', file);
});

test.each([
  ['an unknown command', ['upp']],
  ['an unknown option', ['up', '--fast']],
  ['an unknown format', ['ls', '-o', 'xml']],
  ['no machine', ['exec']],
  ['no command', ['exec', 'one']],
  ['too much', ['ls', 'lab']],
  ['no file here', ['up']],
])('64: %s', async (_what, words) => {
  const empty = await sh(host, 'mktemp -d');
  expect(await bottle(words, { cwd: empty })).toMatchObject({ status: 64, stdout: '', stderr: expect.stringMatching(/^error/) });
});

test.each([
  ['an unknown command', ['pu'], "unknown command 'pu'", 'Did you mean up? `bottle --help` shows what it takes.'],
  ['too much', ['up', 'a', 'b'], "too many arguments for 'up'. Expected 1 argument but got 2", '`bottle up --help` shows what it takes.'],
  ['an unknown option', ['up', '--bogus'], "unknown option '--bogus'", '`bottle up --help` shows what it takes.'],
  ['no machine', ['exec'], "missing required argument 'machine'", '`bottle exec --help` shows what it takes.'],
])('64: %s, in JSON', async (_what, words, message, remedy) => {
  expect(await bottle.json(64, ...words)).toEqual({ version: 1, kind: 'error', code: 'usage', message, details: [], remedy });
});

test('a command that is nearly right is suggested', async () => {
  expect(await bottle(['verfy'])).toMatchObject({ status: 64, stderr: expect.stringContaining('verify') });
});

describe('exec gives the code of its command', () => {
  test.each([
    ['what it returns', ['sh', '-c', 'exit 9'], 9],
    ['127: there is no such command', ['no-such-command'], 127],
    ['128 and the number of the signal that ended it', ['sh', '-c', 'kill -TERM $$'], 143],
    ['an option of the command is not taken for one of exec', ['sh', '-c', 'test "$1" = -v', 'sh', '-v'], 0],
  ])('%s', async (_what, command, status) => {
    await bottle.ok('up', '--no-verify', write(host, lab('one -> two: ping')));
    expect(await bottle(['exec', '-b', 'lab', 'one', '--', ...command])).toMatchObject({ status });
  });

  test.each([
    ['no such bottle', ['exec', '-b', 'lob', 'one', '--', 'true'], 'not-running'],
    ['no such machine', ['exec', '-b', 'lab', 'ine', '--', 'true'], 'no-machine'],
  ])('1: %s, and the nearest is suggested', async (_what, words, code) => {
    await bottle.ok('up', '--no-verify', write(host, lab('one -> two: ping')));
    const { status, stderr } = await bottle(words);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`error\\[${code}\\].*did you mean (lab|one)`)),
    });
  });
});
