import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bottleIn, program, sh, write } from './bottle.ts';

const text = `name: lab
networks:
  net: { subnet: [10.9.0.0/24, fd09::/64], domain: net.example }
  far: { subnet: 10.8.0.0/24 }
routers:
  gate: { networks: { net: [10.9.0.1, fd09::1], far: 10.8.0.1 } }
machines:
  one:
    networks: { net: [10.9.0.11, fd09::11] }
    listen: [http]
    run:
      talk: { command: 'echo "hello from $WHO"; exec sleep 600', environment: { WHO: one } }
      other: 'echo nothing new; exec sleep 601'
  two: { networks: { far: 10.8.0.12 } }
expect:
  one -> two: ping
`;

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, text));
});

describe('JSON: every command prints one document of version 1', () => {
  test('whatever a program that is the file prints', async () => {
    const file = write(
      host,
      `console.log('hello');\nexport default { name: 'said', networks: { net: { subnet: '10.9.0.0/24' } } };\n`,
      'said.ts',
    );
    const { stdout, stderr } = await bottle(['plan', file, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'plan', bottle: 'said' });
    expect(stderr).toContain('hello');
  });

  test('ls', async () => {
    expect(await bottle.json(0, 'ls')).toEqual({
      version: 1,
      kind: 'ls',
      bottles: [
        {
          bottle: 'lab',
          state: 'up',
          stopped: [],
          impaired: [],
          pulled: [],
          source: join(host.directory, 'bottle.yaml'),
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          namespaces: 4,
          processes: expect.any(Array),
        },
      ],
    });
  });

  test('show', async () => {
    const { nodes, ...head } = await bottle.json<{ nodes: { name: string }[] }>(0, 'show');
    expect(head).toEqual({ version: 1, kind: 'show', bottle: 'lab' });
    expect(nodes.map(({ name }) => name)).toEqual(['one', 'two', 'gate']);
    expect(nodes[1]).toEqual({
      name: 'two',
      kind: 'machine',
      state: 'running',
      links: [
        {
          device: 'far',
          network: 'far',
          mac: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/),
          mtu: 1500,
          up: true,
          addresses: ['10.8.0.12/24'],
        },
      ],
      routes: [{ to: '0.0.0.0/0', type: 'unicast', via: '10.8.0.1', device: 'far' }],
      processes: [],
    });
  });

  test('verify', async () => {
    expect(await bottle.json(0, 'verify', 'lab')).toMatchObject({
      version: 1,
      kind: 'verify',
      bottle: 'lab',
      verdicts: [
        {
          promise: 'one -> two',
          state: 'held',
          pairs: { measured: 1, total: 1 },
          total: { asked: 1, kept: 1 },
          families: { 4: { asked: 1 }, 6: { asked: 0 } },
          failures: [],
        },
      ],
    });
  });

  test('plan', async () => {
    expect(await bottle.json(0, 'plan', 'bottle.yaml')).toMatchObject({
      version: 1,
      kind: 'plan',
      bottle: 'lab',
      changes: [],
      unchanged: expect.any(Number),
    });
  });

  test('up, when there is nothing to do', async () => {
    expect(await bottle.json(0, 'up', '--no-verify', 'bottle.yaml')).toMatchObject({
      version: 1,
      kind: 'up',
      bottle: 'lab',
      seconds: expect.any(Number),
      changes: [],
      verdicts: [],
    });
  });

  test('doctor', async () => {
    const { findings, ...head } = await bottle.json<{ findings: object[] }>(0, 'doctor');
    expect(head).toMatchObject({
      version: 1,
      kind: 'doctor',
      netbottle: expect.any(String),
      node: expect.any(String),
      kernel: expect.any(String),
    });
    for (const finding of findings)
      expect(finding).toMatchObject({
        name: expect.any(String),
        purpose: expect.any(String),
        state: expect.stringMatching(/^(ok|missing)$/),
        required: expect.any(Boolean),
      });
  });

  test('errors of the file, with their places', async () => {
    const file = write(
      host,
      'name: lob\nnetworks: { net: { subnet: 10.9.0.0/24 } }\nmachines: { one: { networks: { nett: auto } } }\n',
      'wrong.yaml',
    );
    expect(await bottle.json(1, 'plan', file)).toMatchObject({
      version: 1,
      kind: 'error',
      code: 'file',
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'unknown-network', severity: 'error', place: expect.objectContaining({ line: 3, column: 32 }) }),
      ]),
    });
  });

  test('down of what is not there', async () => {
    expect(await bottle.json(0, 'down', 'nobody')).toEqual({
      version: 1,
      kind: 'down',
      bottle: 'nobody',
      seconds: expect.any(Number),
      removed: 0,
    });
  });
});

test('the schema is a JSON Schema of the file', async () => {
  const schema = JSON.parse(await bottle.ok('schema')) as { properties: object };
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['name', 'networks', 'machines', 'routers', 'expect']));
});

describe('text', () => {
  test('results go to stdout and problems to stderr', async () => {
    expect(await bottle(['ls'])).toMatchObject({ status: 0, stdout: expect.stringContaining('lab'), stderr: '' });
    expect(await bottle(['show', '-b', 'nobody'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('error[not-running]'),
    });
  });

  test('there is no colour and no progress where there is no terminal', async () => {
    const { stdout, stderr } = await bottle(['verify', 'lab']);
    expect(stdout + stderr).not.toContain('\x1b');
  });

  test('on a terminal there is both, and no colour with NO_COLOR', async () => {
    const on = (env: Readonly<Record<string, string | undefined>>) =>
      host.run(['script', '-qec', [...program, 'verify', 'lab'].join(' '), '/dev/null'], {
        cwd: host.directory,
        env: { TERM: 'xterm', ...env },
      });
    expect((await on({ NO_COLOR: undefined })).stdout).toContain('\x1b[32mheld');
    expect((await on({ NO_COLOR: '1' })).stdout).not.toContain('\x1b[32m');
  });

  test('ls tells what is running, since when and from which file', async () => {
    expect(await bottle.ok('ls')).toMatch(/^lab +up +4 +3 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\S+\/bottle\.yaml$/m);
  });

  test('show tells what the kernel has, and what became of the processes', async () => {
    const shown = await bottle.ok('show', '-b', 'lab', 'one');
    expect(shown).toMatch(/^one machine$/m);
    expect(shown).toMatch(/^ {2}net {2}10\.9\.0\.11\/24 {2}fd09::11\/64 {2}fe80::\S+ {2}02:\S+ {2}mtu 1500$/m);
    expect(shown).toMatch(/^ {2}default via 10\.9\.0\.1 dev net$/m);
    expect(shown).toMatch(/^ {2}answers tcp\/80 {2}running$/m);
    expect(shown).toMatch(/^ {2}talk: .* running, process \d+$/m);
    expect(shown).not.toContain('two');
  });

  test('the death of a program is noticed, and `up` starts it again', async () => {
    const ends = `name: ends
networks: { net: { subnet: 10.6.0.0/24 } }
machines: { one: { networks: { net: auto }, run: { brief: 'until [ -e told ]; do sleep 0.1; done; echo told; exit 3' } } }
`;
    await bottle.ok('up', write(host, ends, 'ends.yaml'));
    await sh(host, `touch ${host.directory}/told`);
    await expect.poll(() => bottle.ok('show', '-b', 'ends')).toMatch(/^ {2}brief: .*ended with code 3$/m);
    expect(await bottle.ok('ls')).toMatch(/^ends .* 0 of 1 /m);
    expect(await bottle.ok('logs', '-b', 'ends', 'one')).toMatch(/^told\n.*code 3/m);
    expect(await bottle(['plan', 'ends.yaml'])).toMatchObject({ status: 2, stdout: expect.stringContaining('process brief') });
    await sh(host, `rm ${host.directory}/told`);
    await bottle.ok('up', 'ends.yaml');
    expect(await bottle.ok('show', '-b', 'ends')).toMatch(/^ {2}brief: .* running, process \d+$/m);
    await bottle.ok('down', '-y', 'ends');
  });

  test('show sees what others have changed', async () => {
    await bottle.sh('lab', 'two', 'ip link set far mtu 1400');
    expect(await bottle.ok('show', '-b', 'lab', 'two')).toContain('mtu 1400');
    expect(await bottle(['plan', 'bottle.yaml'])).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/machine two[\s\S]*mtu is 1400, shall be 1500/),
    });
    await bottle.sh('lab', 'two', 'ip link set far mtu 1500');
  });

  test('logs are those of the machine, or of one of its processes', async () => {
    await expect.poll(() => bottle.ok('logs', '-b', 'lab', 'one', 'talk')).toContain('hello from one\n');
    expect(await bottle.ok('logs', '-b', 'lab', 'one', 'talk')).not.toContain('nothing new');
    const all = await bottle.ok('logs', '-b', 'lab', 'one');
    expect(all).toContain('hello from one');
    expect(all).toContain('nothing new');
    expect(await bottle(['logs', '-b', 'lab', 'two'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('two has no processes'),
    });
  });

  test('logs -f goes on as more is written', async () => {
    const following = host.start([...program, 'logs', '-f', '-b', 'lab', 'one', 'talk'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let seen = '';
    following.stdout?.setEncoding('utf8').on('data', (part: string) => (seen += part));
    await expect.poll(() => seen).toContain('hello from one');
    await sh(host, 'pkill -fx "sleep 600"');
    await expect.poll(() => seen).toMatch(/SIGTERM/);
    following.kill('SIGKILL');
  });
});

describe('exec', () => {
  test('passes what comes in and what goes out', async () => {
    expect(await bottle(['exec', '-b', 'lab', 'one', '--', 'sh', '-c', 'cat; echo problem >&2'], { input: 'a\0b\n' })).toEqual({
      status: 0,
      stdout: 'a\0b\n',
      stderr: 'problem\n',
    });
  });

  test("is in the machine's network, with its names and its resolver, and in the caller's directory", async () => {
    expect(await bottle.sh('lab', 'two', 'ls /sys/class/net')).toBe('far\nlo\n');
    expect(await bottle.sh('lab', 'two', 'hostname')).toBe('two\n');
    expect(await bottle.sh('lab', 'two', 'getent ahostsv4 one | head -1')).toMatch(/^10\.9\.0\.11 .*one\.net\.example/);
    expect(await bottle.sh('lab', 'one', 'cat /etc/resolv.conf')).toBe('search net.example\n');
    expect(await bottle.sh('lab', 'one', 'pwd')).toBe(`${host.directory}\n`);
  });

  test('takes the bottle of the file in the directory unless told', async () => {
    expect(await bottle(['exec', 'two', '--', 'hostname'])).toMatchObject({ status: 0, stdout: 'two\n' });
  });

  test('leaves the names of the host alone', async () => {
    expect(await sh(host, 'cat /etc/hosts')).toBe(readFileSync('/etc/hosts', 'utf8').trim());
  });
});
