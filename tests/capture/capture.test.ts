import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bottleIn, program, sh, write } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { capturing } from './capturing.ts';
import { type CapturedPacket, readCapture } from './read-pcapng.ts';

const text = `name: lab
networks:
  left: { subnet: [10.61.0.0/24, "fd61::/64"] }
  right: { subnet: [10.62.0.0/24, "fd62::/64"], mode: host-only }
links:
  wire: { subnet: 10.63.0.0/30, ends: { one: 10.63.0.1, two: 10.63.0.2 } }
routers:
  core: { networks: { left: auto, right: auto } }
machines:
  one: { networks: { left: 10.61.0.11 } }
  two: { networks: { right: 10.62.0.12 } }
  three: { networks: { left: 10.61.0.13 } }
groups: { ends: [one, two] }
`;

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', '--no-verify', write(host, text));
});

const ping = (from: string, to: string, count = 1): Promise<string> => bottle.sh('lab', from, `ping -c ${count} -i 0.05 -W 5 ${to}`);
const addressOf = async (machine: string): Promise<string> =>
  /fd6[12]::[0-9a-f:]+/.exec(await bottle.ok('show', '-b', 'lab', machine))?.[0] ?? '';

/** `two/right out echo 10.61.0.11 -> 10.62.0.12`, of ICMP echo in either family. */
function story({ at, direction, data }: CapturedPacket): string {
  if (data.readUInt16BE(12) === 0x86dd) return `${at} ${direction} ${data[54] === 128 ? 'request' : 'reply'}`;
  return `${at} ${direction} ${data[34] === 8 ? 'request' : 'reply'} ${data.subarray(26, 30).join('.')} -> ${data.subarray(30, 34).join('.')}`;
}

const LEGS = [
  'one/left out request',
  'core/left in request',
  'core/right out request',
  'two/right in request',
  'two/right out reply',
  'core/right in reply',
  'core/left out reply',
  'one/left in reply',
];

describe('a ping through a router', () => {
  test('is seen on each leg, told apart, in the order of time, with names', async () => {
    const running = await capturing(host, 'lab', ['one/left', 'core', 'two/right', '-f', 'icmp[0] == 8 or icmp[0] == 0']);
    await ping('one', '10.62.0.12');
    expect(await running.stop()).toBe(0);
    const { packets, interfaces, names, comment } = running.file();
    expect(packets.map(story)).toEqual(
      LEGS.map((leg) => `${leg} ${leg.endsWith('request') ? '10.61.0.11 -> 10.62.0.12' : '10.62.0.12 -> 10.61.0.11'}`),
    );
    const times = packets.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(interfaces.map(({ name, dropped }) => [name, dropped])).toEqual([
      ['one/left', 0],
      ['core/left', 0],
      ['core/right', 0],
      ['two/right', 0],
    ]);
    expect(interfaces[0]?.filter).toBe('icmp[0] == 8 or icmp[0] == 0');
    expect(names.get('10.62.0.12')).toEqual(['two.right.lab', 'two']);
    expect(comment).toContain('bottle lab');
  });

  test('of IPv6 as well, and a name of the bottle is an address in the filter', async () => {
    const running = await capturing(host, 'lab', ['one', 'core', 'two', '-f', 'icmp6 and host one and (ip6[40] == 128 or ip6[40] == 129)']);
    await ping('one', await addressOf('two'));
    await running.stop();
    expect(running.file().packets.map(story)).toEqual(LEGS);
  });

  test('is what tcpdump reads in it', async () => {
    const running = await capturing(host, 'lab', ['one/left', 'two/right', '-f', 'icmp']);
    await ping('one', '10.62.0.12', 2);
    await running.stop('INT');
    const read = await sh(host, `tcpdump -nr ${running.path} 2>/dev/null`);
    expect(read.split('\n').map((line) => line.replace(/^\S+ IP (.*), id.*seq (\d),.*/, '$1 $2'))).toEqual(
      [1, 2].flatMap((round) => [
        ...Array.from({ length: 2 }, () => `10.61.0.11 > 10.62.0.12: ICMP echo request ${round}`),
        ...Array.from({ length: 2 }, () => `10.62.0.12 > 10.61.0.11: ICMP echo reply ${round}`),
      ]),
    );
  });
});

describe('a network', () => {
  test('has each packet once, and with --ports each at every port that it passes', async () => {
    const once = await capturing(host, 'lab', ['left', '-f', 'icmp']);
    const ports = await capturing(host, 'lab', ['left', '--ports', '-f', 'icmp']);
    await ping('one', '10.61.0.13');
    await Promise.all([once.stop(), ports.stop()]);
    expect(once.file().packets.map(story)).toEqual(['left in request 10.61.0.11 -> 10.61.0.13', 'left in reply 10.61.0.13 -> 10.61.0.11']);
    expect(
      ports
        .file()
        .interfaces.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['left/core', 'left/one', 'left/three']);
    expect(ports.file().packets.map(story)).toEqual([
      'left/one in request 10.61.0.11 -> 10.61.0.13',
      'left/three out request 10.61.0.11 -> 10.61.0.13',
      'left/three in reply 10.61.0.13 -> 10.61.0.11',
      'left/one out reply 10.61.0.13 -> 10.61.0.11',
    ]);
  });

  test('with the host in it has a port for it, and the host a device', async () => {
    const running = await capturing(host, 'lab', ['host', 'right', '--ports', '-f', 'icmp[0] == 8']);
    await host.run(['ping', '-c', '1', '10.62.0.12']);
    await running.stop();
    expect(running.file().packets.map((packet) => story(packet).split(' ').slice(0, 3).join(' '))).toEqual([
      'host/right out request',
      'right/host in request',
      'right/two out request',
    ]);
  });
});

test('a link is one cable, and its two ends with --ports; a group is its members', async () => {
  const once = await capturing(host, 'lab', ['wire', '-f', 'icmp']);
  const ports = await capturing(host, 'lab', ['wire', '--ports', 'ends', '-f', 'icmp']);
  await bottle.sh('lab', 'one', 'ping -c 1 10.63.0.2');
  await Promise.all([once.stop(), ports.stop()]);
  expect(once.file().packets.map(({ at }) => at)).toEqual(['wire', 'wire']);
  expect(ports.file().interfaces.map(({ name }) => name)).toEqual(['one/wire', 'two/wire', 'one/left', 'two/right']);
  expect(ports.file().packets).toHaveLength(4);
});

test('a VLAN tag is in the file as it was on the wire, and a filter knows it', async () => {
  const running = await capturing(host, 'lab', ['three', 'left', '-f', 'vlan 100 or arp']);
  const frame = (tag: string): string => `'ff'*6 + '020000000001' + '${tag}' + '88b5' + '00'*46`;
  const send = `import socket; wire = socket.socket(17, 3); wire.bind(('left', 0)); [wire.send(bytes.fromhex(one)) for one in (${frame('81000064')}, ${frame('810000c8')}, ${frame('')})]`;
  await bottle.sh('lab', 'one', `python3 -c "${send}"`);
  await running.stop();
  const { packets } = running.file();
  expect(packets.map(({ at, data, length }) => [at, data.toString('hex', 6, 18), length])).toEqual([
    ['left', '0200000000018100006488b5', 64],
    ['three/left', '0200000000018100006488b5', 64],
  ]);
});

test('so many packets are enough, or so many seconds; of each only so many bytes', async () => {
  const counted = await capturing(host, 'lab', ['one', '-c', '3', '-s', '60', '-f', 'icmp']);
  await ping('one', '10.61.0.13', 3);
  expect(await counted.ended).toBe(0);
  const { packets } = counted.file();
  expect(packets.map(({ data, length }) => [data.length, length])).toEqual([60, 60, 60].map((kept) => [kept, 98]));
  const timed = await capturing(host, 'lab', ['one', '-d', '0.5']);
  expect(await timed.ended).toBe(0);
});

test('-o json says how many packets there were, and how many were lost', async () => {
  const path = join(host.directory, 'counted.pcapng');
  expect(await bottle.json(0, 'capture', 'one/left', '-d', '0.2', '-f', 'udp port 9', '-w', path)).toEqual({
    version: 1,
    kind: 'capture',
    bottle: 'lab',
    file: path,
    packets: 0,
    points: [{ point: 'one/left', received: 0, lost: 0 }],
  });
});

test('goes down a pipe, and ends quietly when nobody reads any more', async () => {
  const bottleWords = program.join(' ');
  const piped = await host.run(
    [
      'bash',
      '-c',
      `${bottleWords} exec one -- ping -4 -q -c 1000 -i 0.05 three >/dev/null & ${bottleWords} capture left -f icmp | tcpdump -c 4 -nr -; echo "\${PIPESTATUS[0]}"; kill $!; wait`,
    ],
    { cwd: host.directory },
  );
  expect(piped.stdout.trim().split('\n')).toEqual([...Array.from({ length: 4 }, () => expect.stringContaining('ICMP echo')), '0']);
});

test('on a terminal each line says where its packet was seen', async () => {
  const line = `${program.join(' ')} capture one/left core -c 4 -f icmp`;
  const shown = host.run(['script', '-qec', line, '/dev/null'], { cwd: host.directory, env: { NO_COLOR: '1' } });
  // It ends by itself, as soon as it has seen enough.
  const sender = setInterval(() => void ping('one', '10.62.0.12'), 500);
  const { stdout } = await shown;
  clearInterval(sender);
  const places = stdout.split('\n').flatMap((one) => /^(\S+ +(?:in|out)) +\d\d:.* ICMP echo/.exec(one)?.[1] ?? []);
  expect(places).toHaveLength(4);
  expect(new Set(places)).toEqual(new Set(['one/left   out', 'core/left  in', 'core/right out', 'core/right in']));
});

test.each([
  [['nobody'], 1, /error\[no-machine\]: lab has nothing called nobody/],
  [['one/right'], 1, /error\[no-machine\]: one has no interface in right\n.*It is in left, wire/],
  [['one', '-f', 'hots 10.61.0.11'], 64, /error\[usage\]: the filter `hots 10.61.0.11` is wrong/],
  [['one', '-c', 'few'], 64, /error\[usage\]: --count few/],
  [['one', '-w', '/nowhere/file', '-d', '1'], 64, /error\[usage\]: \/nowhere\/file cannot be written/],
])('%j is refused with what would do', async (words, status, message) => {
  expect(await bottle(['capture', '-b', 'lab', ...words])).toMatchObject({ status, stderr: expect.stringMatching(message) });
});

test('a file is left as it is when what is asked for is wrong', async () => {
  const path = write(host, 'precious', 'precious.pcapng');
  await bottle(['capture', 'nobody', '-w', path]);
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

describe('machines that come and go', () => {
  test('are told of, and captured when they are back; new ones too', async () => {
    const running = await capturing(host, 'lab', ['three', 'left', '--ports', '-f', 'icmp']);
    await bottle.ok('stop', '-y', 'three');
    await running.tells(/three\/left, left\/three went away/);
    await bottle.ok('start', '-y', 'three');
    await running.tells(/three\/left, left\/three came, and are captured/);
    await bottle.ok(
      'up',
      '--no-verify',
      write(host, text.replace('groups:', '  four: { networks: { left: 10.61.0.14 } }\ngroups:'), 'four.yaml'),
    );
    await running.tells(/left\/four came, and is captured/);
    await ping('three', '10.61.0.14');
    await running.stop();
    expect(running.file().packets.map(story)).toEqual(
      ['request 10.61.0.13 -> 10.61.0.14', 'reply 10.61.0.14 -> 10.61.0.13'].flatMap((what) => {
        const order = what.startsWith('request')
          ? ['three/left out', 'left/three in', 'left/four out']
          : ['left/four in', 'left/three out', 'three/left in'];
        return order.map((where) => `${where} ${what}`);
      }),
    );
    await bottle.ok('up', '-y', '--no-verify', write(host, text));
  });

  test('a cable that is put back is captured again, also at a switch', async () => {
    const running = await capturing(host, 'lab', ['left', '-f', 'icmp']);
    await sh(host, 'ip -n lab.three link del left');
    await running.tells(/left\/three went away/);
    await bottle.ok('up', '--no-verify', '-y', write(host, text));
    await running.tells(/left\/three came, and is captured/);
    await ping('three', '10.61.0.11');
    await running.stop();
    expect(running.file().packets.map(story)).toEqual([
      'left in request 10.61.0.13 -> 10.61.0.11',
      'left in reply 10.61.0.11 -> 10.61.0.13',
    ]);
  });

  test('a capture ends with its bottle, and nothing is left of either, even of one that was killed', () =>
    inPrivateHost({}, async (other) => {
      const before = await other.state();
      const command = bottleIn(other);
      await command.ok('up', '--no-verify', write(other, text));
      const killed = await capturing(other, 'lab', ['one', 'host']);
      await killed.stop('KILL');
      const running = await capturing(other, 'lab', ['left', 'one', 'host']);
      await command.ok('down', '-y');
      expect(await running.ended).toBe(0);
      expect(running.told()).toContain('lab: is gone');
      expect(running.file().interfaces.map(({ dropped }) => dropped)).toEqual([0, 0, 0, 0]);
      expect(differences(before, await other.state())).toEqual([]);
    }));
});

test('what is lost because it is read too slowly is told', async () => {
  const [fifo, go, path] = ['fifo', 'go', 'flood.pcapng'].map((name) => join(host.directory, name)) as [string, string, string];
  await sh(host, `mkfifo ${fifo}`);
  const reader = host.start(['sh', '-c', `exec <${fifo}; until [ -e ${go} ]; do sleep 0.05; done; cat >${path}`]);
  const read = once(reader, 'close');
  const running = await capturing(host, 'lab', ['one/left', '-f', 'icmp'], { into: fifo });
  // More than a pipe takes and the kernel keeps.
  await bottle.sh('lab', 'one', 'ping -q -f -s 1400 -c 10000 10.61.0.13');
  write(host, '', 'go');
  expect(await running.stop()).toBe(0);
  await read;
  expect(running.told()).toMatch(/INCOMPLETE: .* lost: \d+ at one\/left/);
  const { interfaces, packets } = readCapture(readFileSync(path));
  expect(packets.length + (interfaces[0]?.dropped ?? 0)).toBe(20_000);
});
