import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endKeeper } from '../../src/backend/process/keeper-client.ts';
import { eventually, TestBottle } from './test-bottle.ts';

/** Sends a datagram and prints who answered, and what. */
const ASK = `
import { createSocket } from 'node:dgram';
const [address, port] = process.argv.slice(1);
const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
socket.on('message', (message, from) => { console.log(from.address, message.toString()); socket.close(); });
socket.send('hello', Number(port), address);
setTimeout(() => process.exit(1), 10000).unref();
`;

/** Reads the greeting, sends a line and prints all that comes. */
const TALK = `
import { connect } from 'node:net';
const [address, port] = process.argv.slice(1);
const socket = connect(Number(port), address);
let text = '';
socket.on('data', (chunk) => { text += chunk; if (text.includes('hello')) socket.end(); });
socket.on('close', () => console.log(JSON.stringify(text)));
socket.on('error', (error) => console.log(error.code));
socket.write('hello');
`;

const FETCH = `
const response = await fetch(process.argv[1], { method: process.argv[2], body: process.argv[2] === 'POST' ? 'x'.repeat(100000) : undefined });
console.log(response.status, await response.text());
`;

describe.skipIf(process.getuid?.() !== 0)('built-in responders', () => {
  let bottle: TestBottle;
  const from = (machine: string, program: string, ...args: readonly string[]): string =>
    bottle.in(machine, [process.execPath, '--input-type=module', '-e', program, ...args]).trim();

  beforeEach(async () => {
    bottle = new TestBottle('web', 'alice');
    // Two links, so that the answer's source is a matter of choice.
    bottle.ip('web', `link add one type veth peer name one netns ${bottle.namespace('alice')}`);
    bottle.ip('web', `link add two type veth peer name two netns ${bottle.namespace('alice')}`);
    for (const [machine, last] of [
      ['web', 1],
      ['alice', 2],
    ] as const) {
      bottle.ip(machine, `address add 10.1.0.${last}/24 dev one`);
      bottle.ip(machine, `address add fd00:1::${last}/64 dev one nodad`);
      bottle.ip(machine, `address add 10.2.0.${last}/24 dev two`);
      bottle.ip(machine, `address add fd00:2::${last}/64 dev two nodad`);
      bottle.ip(machine, 'link set one up');
      bottle.ip(machine, 'link set two up');
    }
    await bottle.keeper();
  });
  afterEach(async () => {
    await bottle.endAll('web', 'alice');
    await bottle.remove();
  });

  it('answer HTTP in both families', async () => {
    expect(await bottle.start(bottle.listener('web', 'tcp', 80, 'http'))).toEqual([{ ok: true }]);
    expect(from('alice', FETCH, 'http://10.1.0.1/any/path')).toMatch(/^200 web tcp\/80, you are 10\.1\.0\.2:\d+$/);
    expect(from('alice', FETCH, 'http://[fd00:2::1]/', 'POST')).toMatch(/^200 web tcp\/80, you are \[fd00:2::2\]:\d+$/);
    expect(from('web', FETCH, 'http://127.0.0.1/')).toMatch(/^200 web tcp\/80, you are 127\.0\.0\.1:\d+$/);
  });

  it('greet on TCP and give back what they get, in both families', async () => {
    await bottle.start(bottle.listener('web', 'tcp', 22, 'greeting'));
    expect(from('alice', TALK, '10.2.0.1', '22')).toBe('"web tcp/22\\nhello"');
    expect(from('alice', TALK, 'fd00:1::1', '22')).toBe('"web tcp/22\\nhello"');
  });

  it('answer UDP from the address that was asked, whichever it is', async () => {
    // alice reaches the second pair by the first link, so that the route back would choose another source.
    bottle.ip('alice', 'route add 10.2.0.1/32 dev one');
    bottle.ip('web', 'address add 10.1.0.77/24 dev one');
    await bottle.start(bottle.listener('web', 'udp', 53, 'echo'));
    for (const address of ['10.1.0.1', '10.1.0.77', '10.2.0.1', 'fd00:1::1', 'fd00:2::1']) {
      expect(from('alice', ASK, address, '53')).toBe(`${address} web udp/53 hello`);
    }
  });

  it('answer UDP also on an address that came later', async () => {
    await bottle.start(bottle.listener('web', 'udp', 53, 'echo'));
    bottle.ip('web', 'address add 10.1.0.78/24 dev one');
    expect(from('alice', ASK, '10.1.0.78', '53')).toBe('10.1.0.78 web udp/53 hello');
    expect(from('alice', ASK, '10.1.0.78', '53')).toBe('10.1.0.78 web udp/53 hello');
  });

  it('work without IPv6', async () => {
    bottle.in('web', ['sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6']);
    expect(await bottle.start(bottle.listener('web', 'tcp', 22, 'greeting'), bottle.listener('web', 'udp', 53, 'echo'))).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(from('alice', TALK, '10.1.0.1', '22')).toBe('"web tcp/22\\nhello"');
    expect(from('alice', ASK, '10.1.0.1', '53')).toBe('10.1.0.1 web udp/53 hello');
  });

  it('are the same port on every machine without meeting', async () => {
    await bottle.start(bottle.listener('web', 'tcp', 22, 'greeting'), bottle.listener('alice', 'tcp', 22, 'greeting'));
    expect(from('web', TALK, '10.1.0.2', '22')).toBe('"alice tcp/22\\nhello"');
    expect(from('alice', TALK, '10.1.0.1', '22')).toBe('"web tcp/22\\nhello"');
  });

  it('close when they are stopped, with their connections', async () => {
    const listener = bottle.listener('web', 'tcp', 22, 'greeting');
    await bottle.start(listener, bottle.listener('web', 'udp', 53, 'echo'));
    const idle = spawn(
      'nsenter',
      [
        `--net=${bottle.namespace('alice')}`,
        process.execPath,
        '--input-type=module',
        '-e',
        TALK.replace("write('hello')", "write('hi')"),
        '10.1.0.1',
        '22',
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = new Promise((resolve) => idle.once('exit', resolve));
    await eventually(() => bottle.in('web', ['ss', '-Htn', 'state', 'established']).includes(':22'));
    await bottle.stop(listener);
    await ended;
    expect(from('alice', TALK, '10.1.0.1', '22')).toBe('ECONNREFUSED\n""');
    expect(await bottle.start(listener)).toEqual([{ ok: true }]);
    await endKeeper(bottle.home, 'corp');
    expect(bottle.in('web', ['ss', '-Hltun'])).toBe('');
  });

  it('say who has the port, if somebody has', async () => {
    const tcp = "import { createServer } from 'node:net'; createServer().listen(80, '10.1.0.1'); setTimeout(() => undefined, 60000);";
    const udp = "import { createSocket } from 'node:dgram'; createSocket('udp4').bind(53); setTimeout(() => undefined, 60000);";
    await bottle.start(
      bottle.process('web', 'tcp', '', { command: [process.execPath, '--input-type=module', '-e', tcp] }),
      bottle.process('web', 'udp', '', { command: [process.execPath, '--input-type=module', '-e', udp] }),
    );
    await eventually(() => bottle.in('web', ['ss', '-Hltun']).trim().split('\n').length === 2);
    const results = await bottle.start(
      bottle.listener('web', 'tcp', 80, 'http'),
      bottle.listener('web', 'udp', 53, 'echo'),
      bottle.listener('web', 'tcp', 81, 'http'),
    );
    expect(results).toMatchObject([
      {
        ok: false,
        error: { code: 'port-in-use', message: expect.stringMatching(/^web cannot listen on tcp\/80: node \(process \d+\) has the port$/) },
      },
      {
        ok: false,
        error: { code: 'port-in-use', message: expect.stringMatching(/^web cannot listen on udp\/53: node \(process \d+\) has the port$/) },
      },
      { ok: true },
    ]);
  });
});
